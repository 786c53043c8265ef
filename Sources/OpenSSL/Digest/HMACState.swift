import COpenSSL

/// HMAC (RFC 2104) over a prefetched digest, keyed once and used many times.
///
/// libcrypto's own EVP_MAC costs several times as much per message of a hundred octets; here a message costs the two
/// compressions of the padded key (cheaper than copying a keyed context, which allocates) and those of the message.
final class HMACState {
    private let digest: DigestState
    private let innerPad: [UInt8]
    private let outerPad: [UInt8]
    private var started = false

    init(_ algorithm: DigestAlgorithm, key: [UInt8]) throws(OpenSSLError) {
        let digest = try DigestState(algorithm)
        var block = [UInt8](repeating: 0, count: algorithm.blockLength)
        if key.count > block.count {
            key.withUnsafeBytes { digest.update($0) }
            guard block.withUnsafeMutableBytes({ digest.finish(into: $0) }) else {
                throw OpenSSLError(.operationFailed, algorithm.name)
            }
        } else {
            for (index, octet) in key.enumerated() { block[index] = octet }
        }
        self.digest = digest
        innerPad = block.map { $0 ^ 0x36 }
        outerPad = block.map { $0 ^ 0x5c }
    }

    private func start() {
        started = true
        digest.restart()
        innerPad.withUnsafeBytes { digest.update($0) }
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        if !started { start() }
        digest.update(bytes)
    }

    /// Writes the code of what was fed and starts afresh; false when libcrypto failed or `output` is too short.
    func finish(into output: UnsafeMutableRawBufferPointer) -> Bool {
        if !started { start() }
        started = false
        guard digest.finish(into: output) else { return false }
        digest.restart()
        outerPad.withUnsafeBytes { digest.update($0) }
        digest.update(UnsafeRawBufferPointer(rebasing: output[..<digest.algorithm.length]))
        return digest.finish(into: output)
    }
}
