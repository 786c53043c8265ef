import COpenSSL

/// HMAC (RFC 2104) over a prefetched digest, keyed once and used many times.
///
/// libcrypto's own EVP_MAC costs several times as much per message of a hundred octets; here the two compressions of the
/// padded key are done once, and each message starts from copies of the two states.
final class HMACState {
    private let inner: DigestState
    private let outer: DigestState
    private let work: DigestState
    private var started = false

    init(_ algorithm: DigestAlgorithm, key: [UInt8]) throws(OpenSSLError) {
        let block = try Self.block(of: key, algorithm)
        (inner, outer) = (try Self.keyed(block, 0x36, algorithm), try Self.keyed(block, 0x5c, algorithm))
        work = try DigestState(algorithm)
    }

    /// The key as one block: hashed if it is longer, and filled with zeros.
    static func block(of key: [UInt8], _ algorithm: DigestAlgorithm) throws(OpenSSLError) -> [UInt8] {
        guard key.count > algorithm.blockLength else {
            return key + [UInt8](repeating: 0, count: algorithm.blockLength - key.count)
        }
        var block = [UInt8](repeating: 0, count: algorithm.blockLength)
        let digest = try DigestState(algorithm)
        key.withUnsafeBytes { digest.update($0) }
        guard block.withUnsafeMutableBytes({ digest.finish(into: $0) }) else {
            throw OpenSSLError(.operationFailed, algorithm.name)
        }
        return block
    }

    private static func keyed(
        _ block: [UInt8], _ pad: UInt8, _ algorithm: DigestAlgorithm
    ) throws(OpenSSLError) -> DigestState {
        let state = try DigestState(algorithm)
        block.map { $0 ^ pad }.withUnsafeBytes { state.update($0) }
        return state
    }

    private func start() {
        started = true
        work.restart(from: inner)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        if !started { start() }
        work.update(bytes)
    }

    /// Writes the code of what was fed and starts afresh; false when libcrypto failed or `output` is too short.
    func finish(into output: UnsafeMutableRawBufferPointer) -> Bool {
        if !started { start() }
        started = false
        guard work.finish(into: output) else { return false }
        work.restart(from: outer)
        work.update(UnsafeRawBufferPointer(rebasing: output[..<work.algorithm.length]))
        return work.finish(into: output)
    }
}
