/// What a session ticket of ours says of the login that it was given to, so that a resumed session is decided again like a
/// new one: by what, under which credential, who. At most 255 octets.
struct CachedAuthorization: Equatable, Sendable {
    /// How the login had proven itself.
    enum Kind: UInt8, Sendable { case password = 1, certificate = 2 }

    private static let version: UInt8 = 1
    static let tagLength = 16
    static let longestName = 255 - 2 - tagLength

    var kind: Kind
    /// A digest of what proved it; another one now means that the password has been changed since.
    var tag: [UInt8]
    /// The inner name.
    var name: [UInt8]

    init(kind: Kind, tag: [UInt8], name: [UInt8]) { (self.kind, self.tag, self.name) = (kind, tag, name) }

    /// Reads one; nil for what this version did not write.
    init?(_ octets: [UInt8]) {
        guard octets.count > 2 + Self.tagLength, octets[0] == Self.version, let kind = Kind(rawValue: octets[1]) else {
            return nil
        }
        self.init(
            kind: kind, tag: Array(octets[2..<2 + Self.tagLength]), name: Array(octets[(2 + Self.tagLength)...]))
    }

    /// nil: too long to be kept, and the session will not be resumed.
    var octets: [UInt8]? {
        guard tag.count == Self.tagLength, (1...Self.longestName).contains(name.count) else { return nil }
        return [Self.version, kind.rawValue] + tag + name
    }
}
