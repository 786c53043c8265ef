import COpenSSL

/// A private key and its certificates in one file under a passphrase (RFC 7292): what devices import.
public enum PKCS12 {
    /// How the content is encrypted.
    public enum Protection: String, Sendable, CaseIterable {
        /// AES-256 under PBKDF2, MAC with SHA-256: OpenSSL 1.1, Windows 10 (1709), Android 12, and newer.
        case aes256
        /// Triple DES, MAC with SHA-1: the one form that every device imports, macOS and iOS included. Its strength is
        /// the passphrase's, so make that one random.
        case tripleDES
    }

    /// The shortest passphrase, in characters.
    public static let shortestPassphrase = 8
    private static let iterations: Int32 = 100_000

    /// `name` is what the device shows. Throws `.keyMismatch` when the key is not the certificate's and
    /// `.passphraseWrong` for a passphrase of fewer than 8 characters.
    public static func export(
        key: PrivateKey, certificate: Certificate, chain: [Certificate], name: String, passphrase: String,
        protection: Protection = .tripleDES
    ) throws(OpenSSLError) -> [UInt8] {
        let operation = "make a PKCS#12 file"
        guard passphrase.count >= shortestPassphrase, !passphrase.utf8.contains(0) else {
            throw OpenSSLError(.passphraseWrong, operation)
        }
        guard DistinguishedName.isSound(name) else { throw OpenSSLError(.profileInvalid, operation) }
        guard key.belongs(to: certificate) else { throw OpenSSLError(.keyMismatch, operation) }
        let own = try certificate.x509()
        let others = try LibcryptoObject(socle_chain_new(), .operationFailed, operation, free: { socle_chain_free($0) })
        for authority in chain {
            let object = try authority.x509()
            try OpenSSLError.check(socle_chain_push(others.pointer, object.pointer), operation)
        }
        let nid = protection == .aes256 ? NID_aes_256_cbc : NID_pbe_WithSHA1And3_Key_TripleDES_CBC
        let digest = protection == .aes256 ? EVP_sha256() : EVP_sha1()
        // -1: no MAC yet, because PKCS12_create would take SHA-256, which macOS refused for years.
        let file = try LibcryptoObject(
            PKCS12_create(passphrase, name, key.key.pointer, own.pointer, others.pointer, nid, nid, iterations, -1, 0),
            .operationFailed, operation, free: { PKCS12_free($0) })
        try OpenSSLError.check(PKCS12_set_mac(file.pointer, passphrase, -1, nil, 0, iterations, digest), operation)
        return try derEncoding(operation) { i2d_PKCS12(file.pointer, $0) }
    }
}
