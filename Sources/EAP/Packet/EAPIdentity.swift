/// Who a peer says it is, before any proof: a network access identifier (RFC 7542), often `anonymous@realm`.
public struct EAPIdentity: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The whole text.
    public let text: String

    /// Reads the data of an Identity response: at most 253 octets of UTF-8. A NUL ends the displayable part
    /// of a request only (RFC 3748 §5.1); in a response it is refused.
    public init(decoding data: [UInt8]) throws(EAPError) {
        guard data.count <= EAPLimits.maximumIdentity, !data.contains(0),
            let text = String(validating: data, as: UTF8.self)
        else { throw EAPError(.identityMalformed) }
        self.text = text
    }

    /// What follows the last `@` (RFC 7542 §2.2), lowercased: where to send the login. RFC 7542 §3 allows comparing without
    /// case what is ASCII, and so do we with other letters. Nil without an `@`, or when nothing follows it.
    public var realm: String? {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let realm = text[text.index(after: at)...]
        return realm.isEmpty ? nil : realm.lowercased()
    }

    /// What precedes the last `@`, or the whole.
    public var user: String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return String(text[..<at])
    }

    /// Names nobody.
    public var description: String { "EAPIdentity(redacted)" }
    /// Empty, so that no dump names anybody.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
