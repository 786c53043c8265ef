/// HMAC (RFC 2104) under one key; ``HMACMD5Context`` and ``HMACSHA256Context`` say with which digest.
///
/// One context belongs to one thread: it is not `Sendable`. It may be used for any number of messages.
public class HMACContext {
    private let state: HMACState
    private let length: Int

    fileprivate init(_ algorithm: DigestAlgorithm, key: [UInt8]) throws(OpenSSLError) {
        state = try HMACState(algorithm, key: key)
        length = algorithm.length
    }

    /// Adds octets to the message.
    public final func update(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

    /// Adds octets to the message.
    public final func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { state.update($0) } }

    /// Writes the octets of the result at the start of `output` and begins a new message.
    ///
    /// False when `output` is shorter than that or libcrypto is out of memory: then the result must not be used.
    public final func finish(into output: UnsafeMutableRawBufferPointer) -> Bool { state.finish(into: output) }

    /// The result as an array, empty on failure; begins a new message.
    public final func finish() -> [UInt8] {
        var output = [UInt8](repeating: 0, count: length)
        return output.withUnsafeMutableBytes({ state.finish(into: $0) }) ? output : []
    }
}

/// HMAC-MD5: the Message-Authenticator of RADIUS.
public final class HMACMD5Context: HMACContext {
    /// Octets of one result.
    public static let length = 16

    /// An empty message under `key`, of any length.
    ///
    /// Throws `.algorithmUnavailable` when libcrypto does not offer the algorithm.
    public init(key: [UInt8]) throws(OpenSSLError) { try super.init(.md5, key: key) }
}

/// HMAC-SHA-256 (FIPS 180-4).
public final class HMACSHA256Context: HMACContext {
    /// Octets of one result.
    public static let length = 32

    /// An empty message under `key`, of any length.
    ///
    /// Throws `.algorithmUnavailable` when libcrypto does not offer the algorithm.
    public init(key: [UInt8]) throws(OpenSSLError) { try super.init(.sha256, key: key) }
}
