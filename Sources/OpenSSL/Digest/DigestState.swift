import COpenSSL

/// One digest computation that can be run again and again in the same libcrypto context.
///
/// A libcrypto failure in the middle is remembered and reported by `finish`, so that the octets in between need no check.
final class DigestState {
    let algorithm: DigestAlgorithm
    private let context: OpaquePointer
    private var sound = true
    private var started = false

    init(_ algorithm: DigestAlgorithm) throws(OpenSSLError) {
        guard let method = algorithm.method else { throw OpenSSLError(.algorithmUnavailable, algorithm.name) }
        guard let context = EVP_MD_CTX_new() else { throw OpenSSLError(.operationFailed, algorithm.name) }
        guard EVP_DigestInit_ex(context, method, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw OpenSSLError(.operationFailed, algorithm.name)
        }
        (self.algorithm, self.context) = (algorithm, context)
        started = true
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Forgets what was fed and starts again. The method stays set, which spares libcrypto the look-up.
    func restart() {
        sound = EVP_DigestInit_ex(context, nil, nil) == 1
        started = true
    }

    /// Goes on from where `other`, of the same algorithm, stands.
    func restart(from other: DigestState) {
        sound = other.sound && EVP_MD_CTX_copy_ex(context, other.context) == 1
        started = true
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        if !started { restart() }
        guard !bytes.isEmpty else { return }
        if EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) != 1 { sound = false }
    }

    /// Writes the digest of what was fed and starts afresh with the next octet; false, and nothing to use, when
    /// libcrypto failed or `output` is shorter than a digest.
    func finish(into output: UnsafeMutableRawBufferPointer) -> Bool {
        if !started { restart() }
        started = false
        guard sound, output.count >= algorithm.length, let base = output.baseAddress else { return false }
        return EVP_DigestFinal_ex(context, base.assumingMemoryBound(to: UInt8.self), nil) == 1
    }
}
