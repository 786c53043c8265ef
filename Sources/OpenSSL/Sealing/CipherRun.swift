import COpenSSL

/// One use of a libcrypto cipher context: initialised, fed, finished, freed.
struct CipherRun: ~Copyable {
    private let context: OpaquePointer
    private let operation: String

    init(
        _ method: OpaquePointer?, encrypt: Bool, key: [UInt8], vector: [UInt8], operation: String
    ) throws(OpenSSLError) {
        guard let method else { throw OpenSSLError(.algorithmUnavailable, operation) }
        guard key.count == Int(EVP_CIPHER_get_key_length(method)) else { throw OpenSSLError(.keyLength, operation) }
        guard vector.count == Int(EVP_CIPHER_get_iv_length(method)) else {
            throw OpenSSLError(.vectorLength, operation)
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw OpenSSLError(.operationFailed, operation) }
        guard EVP_CipherInit_ex2(context, method, key, vector, encrypt ? 1 : 0, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw OpenSSLError(.operationFailed, operation)
        }
        (self.context, self.operation) = (context, operation)
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Feeds data that is authenticated and not encrypted (AEAD ciphers).
    func authenticate(_ data: [UInt8]) throws(OpenSSLError) {
        guard !data.isEmpty else { return }
        guard let count = Int32(exactly: data.count) else { throw OpenSSLError(.messageLength, operation) }
        var written: Int32 = 0
        guard EVP_CipherUpdate(context, nil, &written, data, count) == 1 else {
            throw OpenSSLError(.operationFailed, operation)
        }
    }

    /// Feeds the whole message; the answer may lack a last block until ``finish(_:)``.
    func update(_ input: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard !input.isEmpty else { return [] }
        guard let count = Int32(exactly: input.count) else { throw OpenSSLError(.messageLength, operation) }
        var output = [UInt8](repeating: 0, count: input.count + Int(EVP_MAX_BLOCK_LENGTH))
        var written: Int32 = 0
        guard EVP_CipherUpdate(context, &output, &written, input, count) == 1 else {
            throw OpenSSLError(.operationFailed, operation)
        }
        output.removeLast(output.count - Int(written))
        return output
    }

    /// The rest of the message; `failure` names what a refusal at this point means for this cipher.
    func finish(_ failure: OpenSSLError.Code) throws(OpenSSLError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_BLOCK_LENGTH))
        var written: Int32 = 0
        guard EVP_CipherFinal_ex(context, &output, &written) == 1 else { throw OpenSSLError(failure, operation) }
        output.removeLast(output.count - Int(written))
        return output
    }

    /// The tag of an AEAD cipher, after ``finish(_:)`` of an encryption.
    func tag(length: Int) throws(OpenSSLError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: length)
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(length), &tag) == 1 else {
            throw OpenSSLError(.operationFailed, operation)
        }
        return tag
    }

    /// The tag that ``finish(_:)`` of a decryption must find.
    func expect(tag: [UInt8]) throws(OpenSSLError) {
        var tag = tag
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw OpenSSLError(.operationFailed, operation)
        }
    }
}
