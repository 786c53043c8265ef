internal import OpenSSL

/// MD4 of a password in UTF-16LE (RFC 2759 §8.3): what MS-CHAPv2 is computed from, and as good as the password for it.
public struct NTHash: Sendable, CustomStringConvertible, CustomReflectable {
    /// The 16 octets: a secret.
    public let octets: [UInt8]

    /// A hash kept by the caller; nil unless 16 octets.
    public init?(_ octets: [UInt8]) {
        guard octets.count == 16 else { return nil }
        self.octets = octets
    }

    /// Of a password of at most 256 UTF-16 units (RFC 2759 §8.3).
    ///
    /// Throws `.credentialsMalformed` for a longer one, `.cryptography` when libcrypto has no MD4.
    public init(password: String) throws(EAPError) {
        guard password.utf16.count <= 256 else { throw EAPError(.credentialsMalformed) }
        octets = try Crypto.md4(password.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
    }

    /// Shows nothing.
    public var description: String { "NTHash(redacted)" }
    /// Empty, so that no dump shows the hash.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// `HashNtPasswordHash` (RFC 2759 §8.4).
    func hashed() throws(EAPError) -> [UInt8] { try Crypto.md4(octets) }
}

/// libcrypto's refusals as this module's.
enum Crypto {
    static func md4(_ message: [UInt8]) throws(EAPError) -> [UInt8] {
        do { return try LegacyAlgorithms.md4(message) } catch { throw EAPError(.cryptography) }
    }

    static func sha1(_ message: [UInt8]) throws(EAPError) -> [UInt8] {
        do { return try LegacyAlgorithms.sha1(message) } catch { throw EAPError(.cryptography) }
    }

    /// One block under 56 bits of key, which get their parity bits here (RFC 2759 §8.6).
    static func des(key56 key: [UInt8], block: [UInt8]) throws(EAPError) -> [UInt8] {
        let bits = key.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let spread = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (49 - 7 * UInt64($0))) << 1 }
        do { return try LegacyAlgorithms.desEncrypt(key: spread, block: block) } catch {
            throw EAPError(.cryptography)
        }
    }
}
