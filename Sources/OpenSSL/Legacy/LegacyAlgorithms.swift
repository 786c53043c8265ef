import COpenSSL

/// MD4, SHA-1 and single DES, for MS-CHAPv2 (RFC 2759), which prescribes them, and for nothing else.
///
/// libcrypto keeps MD4 and DES in a provider of its own. They are loaded into a library context of this module's, so
/// that the rest of the process goes on without them. Loading "legacy" alone would leave that context without the
/// default algorithms, hence both.
public enum LegacyAlgorithms {
    /// MD4 (RFC 1320): 16 octets.
    ///
    /// Throws `.algorithmUnavailable` when libcrypto was installed without its legacy provider.
    public static func md4(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try digest(LegacyLibrary.md4, message, "MD4", length: 16)
    }

    /// SHA-1 (FIPS 180-4): 20 octets.
    public static func sha1(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try digest(LegacyLibrary.sha1, message, "SHA1", length: 20)
    }

    /// One block of DES in ECB mode (FIPS 46-3): 8 octets under a key of 8 octets whose parity bits are ignored.
    ///
    /// Throws `.keyLength` or `.messageLength` for anything but 8 octets, `.algorithmUnavailable` without DES.
    public static func desEncrypt(key: [UInt8], block: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard key.count == 8 else { throw OpenSSLError(.keyLength, "DES") }
        guard block.count == 8 else { throw OpenSSLError(.messageLength, "DES") }
        guard let cipher = LegacyLibrary.des else { throw OpenSSLError(.algorithmUnavailable, "DES") }
        guard let context = EVP_CIPHER_CTX_new() else { throw OpenSSLError(.operationFailed, "DES") }
        defer { EVP_CIPHER_CTX_free(context) }
        // Two blocks of room: without padding libcrypto writes one, and its documentation promises no less than two.
        var output = [UInt8](repeating: 0, count: 16)
        var written: Int32 = 0
        guard EVP_EncryptInit_ex2(context, cipher, key, nil, nil) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_EncryptUpdate(context, &output, &written, block, 8) == 1, written == 8
        else { throw OpenSSLError(.operationFailed, "DES") }
        return Array(output.prefix(8))
    }

    /// Throws `.algorithmUnavailable` when libcrypto lacks one of these. Call it once at start, where MS-CHAPv2 is used.
    public static func verifyAvailability() throws(OpenSSLError) {
        _ = try md4([])
        _ = try sha1([])
        _ = try desEncrypt(key: [UInt8](repeating: 1, count: 8), block: [UInt8](repeating: 0, count: 8))
    }

    private static func digest(
        _ method: OpaquePointer?, _ message: [UInt8], _ name: String, length: Int
    ) throws(OpenSSLError) -> [UInt8] {
        guard let method else { throw OpenSSLError(.algorithmUnavailable, name) }
        var output = [UInt8](repeating: 0, count: length)
        guard EVP_Digest(message, message.count, &output, nil, method, nil) == 1 else {
            throw OpenSSLError(.operationFailed, name)
        }
        return output
    }
}
