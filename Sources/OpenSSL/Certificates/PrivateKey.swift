import COpenSSL

/// A private key, with its public half. Nothing prints it.
public struct PrivateKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which kind of key to make.
    public enum Kind: String, Sendable, CaseIterable {
        /// ECDSA on NIST P-256: what every device since about 2014 takes, and ten times cheaper to sign with than RSA.
        case p256
        /// RSA of 2048 bits, for devices older than that.
        case rsa2048
    }

    /// The longest PEM text of a key that is read: an RSA key of 16384 bits has 13 000 octets.
    public static let longestPEM = 32_768
    /// Rounds of PBKDF2-HMAC-SHA-256 over a passphrase (OWASP's recommendation of 2023).
    static let passphraseIterations: Int32 = 600_000

    /// The EVP_PKEY.
    let key: LibcryptoObject

    /// A fresh key from libcrypto's generator.
    public static func generate(_ kind: Kind = .p256) throws(OpenSSLError) -> PrivateKey {
        let made =
            switch kind {
            case .p256: socle_generate_p256()
            case .rsa2048: socle_generate_rsa2048()
            }
        return PrivateKey(try LibcryptoObject(made, .operationFailed, "generate a key", free: { EVP_PKEY_free($0) }))
    }

    private init(_ key: LibcryptoObject) { self.key = key }

    /// Reads PKCS#8, or the older forms of RSA and EC keys, in PEM.
    ///
    /// Throws `.passphraseWrong` when the key is encrypted and this passphrase (none counts as empty) does not open it,
    /// `.certificateMalformed` for anything that is no key or is longer than ``longestPEM``.
    public init(pem: [UInt8], passphrase: String? = nil) throws(OpenSSLError) {
        let operation = "read a private key"
        guard pem.count <= Self.longestPEM else { throw OpenSSLError(.certificateMalformed, operation) }
        let isEncrypted = String(decoding: pem, as: UTF8.self).contains("ENCRYPTED")
        let failure: OpenSSLError.Code = isEncrypted ? .passphraseWrong : .certificateMalformed
        // Without a passphrase libcrypto would ask for it on the terminal: an empty one is passed instead.
        key = try MemoryBIO.reading(pem, operation) { (bio) throws(OpenSSLError) in
            let read = Array((passphrase ?? "").utf8CString).withUnsafeBufferPointer {
                PEM_read_bio_PrivateKey(bio, nil, nil, UnsafeMutableRawPointer(mutating: $0.baseAddress))
            }
            return try LibcryptoObject(read, failure, operation, free: { EVP_PKEY_free($0) })
        }
    }

    /// PKCS#8 in PEM; with a passphrase of at least 1 octet, encrypted: AES-256-CBC under PBKDF2 (RFC 8018).
    public func pem(passphrase: String? = nil) throws(OpenSSLError) -> [UInt8] {
        let operation = "write a private key"
        guard let passphrase else {
            return try MemoryBIO.written(operation) {
                PEM_write_bio_PKCS8PrivateKey($0, key.pointer, nil, nil, 0, nil, nil)
            }
        }
        guard !passphrase.isEmpty, let length = Int32(exactly: passphrase.utf8.count) else {
            throw OpenSSLError(.passphraseWrong, operation)
        }
        let plain = try LibcryptoObject(
            EVP_PKEY2PKCS8(key.pointer), .operationFailed, operation, free: { PKCS8_PRIV_KEY_INFO_free($0) })
        let sealed = try LibcryptoObject(
            PKCS8_encrypt(
                -1, EVP_aes_256_cbc(), passphrase, length, nil, 0, Self.passphraseIterations, plain.pointer),
            .operationFailed, operation, free: { X509_SIG_free($0) })
        return try MemoryBIO.written(operation) { PEM_write_bio_PKCS8($0, sealed.pointer) }
    }

    /// RSA, or an elliptic curve.
    public var isRSA: Bool { EVP_PKEY_is_a(key.pointer, "RSA") == 1 }

    /// Whether this is the private half of a certificate's key.
    public func belongs(to certificate: Certificate) -> Bool {
        guard let x509 = try? certificate.x509() else { return false }
        guard X509_check_private_key(x509.pointer, key.pointer) == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }

    /// Says nothing about the key.
    public var description: String { "PrivateKey(redacted)" }
    /// Says nothing about the key.
    public var debugDescription: String { description }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
