import Glibc

/// A User-Name as far as routing needs it (RFC 7542 §2.2): whether it names a realm, and which.
enum NetworkAccessIdentifier: Hashable, Sendable {
    /// A name without `@`: a voucher, a MAC address, an account of ours.
    case bare
    /// A name at a realm. ASCII and other letters are lower case: realms are compared without case (RFC 7542 §3).
    case realm(String)
    /// Something with `@` that the grammar does not know. It is nobody's to forward.
    case malformed(Fault)

    /// Why a name with `@` cannot be routed.
    enum Fault: Hashable, Sendable {
        /// Above 253 octets, which is all that one attribute holds (RFC 7542 §2.3).
        case tooLong
        /// Not UTF-8, or with spaces or control characters.
        case notText
        /// More than one `@`.
        case severalRealms
        /// `realm!user@other`: the sender would choose our next hop. RFC 7542 §3.3.1 leaves that practice behind.
        case sourceRoute
        /// Not labels of 1…63 octets with dots between them: no dot, a trailing one, a hyphen at an end.
        case realm
    }

    /// Octets of the longest name.
    static let maximumLength = 253
    private static let maximumLabel = 63

    /// Reads a User-Name.
    init(_ octets: UnsafeRawBufferPointer) {
        guard let base = octets.baseAddress, memchr(base, Int32(UInt8(ascii: "@")), octets.count) != nil else {
            self = .bare
            return
        }
        self = Self.parse(octets)
    }

    private static func parse(_ octets: UnsafeRawBufferPointer) -> NetworkAccessIdentifier {
        guard octets.count <= maximumLength else { return .malformed(.tooLong) }
        guard !octets.contains(where: { $0 <= 0x20 || $0 == 0x7f }),
            let text = String(validating: octets, as: UTF8.self)
        else { return .malformed(.notText) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .malformed(.severalRealms) }
        if let mark = parts[0].lastIndex(of: "!"), isRealm(parts[0][..<mark]) { return .malformed(.sourceRoute) }
        guard isRealm(parts[1]) else { return .malformed(.realm) }
        return .realm(parts[1].lowercased())
    }

    /// `1*( label "." ) label`, where a label is letters, digits, hyphens inside, and any characters beyond ASCII.
    static func isRealm(_ text: Substring) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        guard (1...maximumLabel).contains(label.count), let first = label.first, let last = label.last else {
            return false
        }
        return first != UInt8(ascii: "-") && last != UInt8(ascii: "-") && label.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...:
            true
        default: false
        }
    }
}
