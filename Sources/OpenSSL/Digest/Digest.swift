/// Digests of whole arrays, for everything that is not a packet's hot path.
///
/// These cannot fail on any input. A libcrypto without the algorithm, or out of memory, ends the process: a wrong digest
/// would be worse, and ``verifyAvailability()`` lets a daemon find out before it serves.
public enum Digest {
    /// MD5 (RFC 1321): 16 octets. For protocols that prescribe it, never as a security measure of ours.
    public static func md5(_ message: [UInt8]) -> [UInt8] { digest(.md5, message) }

    /// SHA-256 (FIPS 180-4): 32 octets.
    public static func sha256(_ message: [UInt8]) -> [UInt8] { digest(.sha256, message) }

    /// HMAC-MD5 (RFC 2104): 16 octets, `key` of any length.
    public static func hmacMD5(key: [UInt8], _ message: [UInt8]) -> [UInt8] { hmac(.md5, key, message) }

    /// HMAC-SHA-256 (RFC 2104): 32 octets, `key` of any length.
    public static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] { hmac(.sha256, key, message) }

    /// Throws `.algorithmUnavailable` when libcrypto lacks a digest this module needs. Call it once at start.
    public static func verifyAvailability() throws(OpenSSLError) {
        for algorithm in [DigestAlgorithm.md5, .sha256] { _ = try DigestState(algorithm) }
    }

    private static func digest(_ algorithm: DigestAlgorithm, _ message: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: algorithm.length)
        guard let state = try? DigestState(algorithm) else { unusable(algorithm) }
        message.withUnsafeBytes { state.update($0) }
        guard output.withUnsafeMutableBytes({ state.finish(into: $0) }) else { unusable(algorithm) }
        return output
    }

    /// A key used once is not worth the three contexts of ``HMACState``.
    private static func hmac(_ algorithm: DigestAlgorithm, _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        guard let block = try? HMACState.block(of: key, algorithm), let state = try? DigestState(algorithm) else {
            unusable(algorithm)
        }
        var output = [UInt8](repeating: 0, count: algorithm.length)
        var content = message
        for pad: UInt8 in [0x36, 0x5c] {
            block.map { $0 ^ pad }.withUnsafeBytes { state.update($0) }
            content.withUnsafeBytes { state.update($0) }
            guard output.withUnsafeMutableBytes({ state.finish(into: $0) }) else { unusable(algorithm) }
            content = output
        }
        return output
    }

    private static func unusable(_ algorithm: DigestAlgorithm) -> Never {
        preconditionFailure("libcrypto cannot compute \(algorithm.name): not offered, or out of memory")
    }
}
