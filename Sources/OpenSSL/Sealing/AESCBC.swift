import COpenSSL

/// AES-256-CBC (NIST SP 800-38A) with PKCS#7 padding, for peers that prescribe it (openNDS FAS level 3).
///
/// It does not authenticate: who could alter the message must be known some other way.
public enum AESCBC {
    /// Encrypts under a 32-octet key and a 16-octet vector; the answer is a whole number of 16-octet blocks, at least one.
    public static func encrypt(_ plaintext: [UInt8], key: [UInt8], iv: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let run = try CipherRun(
            EVP_aes_256_cbc(), encrypt: true, key: key, vector: iv, operation: "AES-256-CBC encrypt")
        let blocks = try run.update(plaintext)
        return blocks + (try run.finish(.operationFailed))
    }

    /// Decrypts; throws `.messageLength` unless there are one or more whole blocks, `.paddingInvalid` for a wrong key.
    public static func decrypt(_ ciphertext: [UInt8], key: [UInt8], iv: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let operation = "AES-256-CBC decrypt"
        guard !ciphertext.isEmpty, ciphertext.count.isMultiple(of: 16) else {
            throw OpenSSLError(.messageLength, operation)
        }
        let run = try CipherRun(EVP_aes_256_cbc(), encrypt: false, key: key, vector: iv, operation: operation)
        let blocks = try run.update(ciphertext)
        return blocks + (try run.finish(.paddingInvalid))
    }
}
