internal import OpenSSL

/// What the database knows of a voucher's code: its HMAC-SHA-256 under a key of the installation. A copy of the database
/// lets nobody in, and without the key nobody can try the 30^10 codes against it.
public struct VoucherDigest: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// The digest of a code: 32 octets.
    public func callAsFunction(_ code: VoucherCode) -> [UInt8] {
        Digest.hmacSHA256(key: key, Array(code.canonical.utf8))
    }

    /// Says nothing about the key.
    public var description: String { "VoucherDigest(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
