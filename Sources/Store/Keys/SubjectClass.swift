internal import OpenSSL
public import Territory

/// The RADIUS `Class` of an Access-Accept (RFC 2865 §5.25), which the NAS echoes in accounting: it names the subject
/// whose usage the session is, and nobody without the installation key can forge one.
///
/// 19 octets: `S1`, the kind (`g`, `v`, `a`), the id (8 octets, big-endian), and the first 8 octets of the HMAC-SHA-256 of
/// those 11.
public struct SubjectClass: Sendable, CustomStringConvertible, CustomReflectable {
    /// Octets of the value.
    public static let length = 19
    private static let signedLength = 11
    private static let prefix = Array("S1".utf8)

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// The value for a subject.
    public func encode(_ subject: SubjectReference) -> [UInt8] {
        var octets = Self.prefix
        octets.reserveCapacity(Self.length)
        octets.append(Self.letter(subject.kind))
        withUnsafeBytes(of: subject.id.bigEndian) { octets.append(contentsOf: $0) }
        octets += Digest.hmacSHA256(key: key, octets).prefix(Self.length - Self.signedLength)
        return octets
    }

    /// The subject of a value that we made; nil for any other octets. The comparison takes a constant time.
    public func subject(of octets: [UInt8]) -> SubjectReference? {
        guard octets.count == Self.length, octets.starts(with: Self.prefix) else { return nil }
        let signed = Array(octets.prefix(Self.signedLength))
        let expected = Array(Digest.hmacSHA256(key: key, signed).prefix(Self.length - Self.signedLength))
        guard constantTimeEqual(Array(octets.suffix(Self.length - Self.signedLength)), expected),
            let kind = Self.kind(signed[2])
        else { return nil }
        let id = signed.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return SubjectReference(kind: kind, id: Int64(bitPattern: id))
    }

    /// Says nothing about the key.
    public var description: String { "SubjectClass(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    private static func letter(_ kind: SubjectReference.Kind) -> UInt8 {
        switch kind {
        case .loginGrant: UInt8(ascii: "g")
        case .voucher: UInt8(ascii: "v")
        case .account: UInt8(ascii: "a")
        }
    }

    private static func kind(_ letter: UInt8) -> SubjectReference.Kind? {
        SubjectReference.Kind.allCases.first { self.letter($0) == letter }
    }
}
