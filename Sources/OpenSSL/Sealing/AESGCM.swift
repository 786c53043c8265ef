import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a random nonce: secrets at rest.
///
/// A sealed message is nonce (12 octets) ‖ ciphertext ‖ tag (16 octets). Random nonces are safe for 2^32 messages a key.
public enum AESGCM {
    /// Octets of a key.
    public static let keyLength = 32
    /// Octets of the nonce in front.
    public static let nonceLength = 12
    /// Octets of the tag behind.
    public static let tagLength = 16

    /// Seals `plaintext` under a 32-octet key; the associated data must be given again to open it.
    public static func seal(
        _ plaintext: [UInt8], key: [UInt8], associatedData: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let nonce = SecureRandom.bytes(nonceLength)
        let run = try CipherRun(
            EVP_aes_256_gcm(), encrypt: true, key: key, vector: nonce, operation: "AES-256-GCM seal")
        try run.authenticate(associatedData)
        let ciphertext = try run.update(plaintext)
        let rest = try run.finish(.operationFailed)
        return nonce + ciphertext + rest + (try run.tag(length: tagLength))
    }

    /// Opens what ``seal(_:key:associatedData:)`` made.
    ///
    /// Throws `.messageLength` below 28 octets and `.authenticationFailed` for another key, other associated data or an
    /// altered message.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], associatedData: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let operation = "AES-256-GCM open"
        guard sealed.count >= nonceLength + tagLength else { throw OpenSSLError(.messageLength, operation) }
        let run = try CipherRun(
            EVP_aes_256_gcm(), encrypt: false, key: key, vector: Array(sealed.prefix(nonceLength)),
            operation: operation)
        try run.authenticate(associatedData)
        let plaintext = try run.update(Array(sealed.dropFirst(nonceLength).dropLast(tagLength)))
        try run.expect(tag: Array(sealed.suffix(tagLength)))
        return plaintext + (try run.finish(.authenticationFailed))
    }
}
