/// HMAC-MD5 (RFC 2104) under one key: the Message-Authenticator of RADIUS.
///
/// One context belongs to one thread: it is not `Sendable`. It may be used for any number of messages.
public final class HMACMD5Context {
    /// Octets of one result.
    public static let length = 16

    private let state: HMACState

    /// An empty message under `key`, of any length.
    ///
    /// Throws `.algorithmUnavailable` when libcrypto does not offer the algorithm.
    public init(key: [UInt8]) throws(OpenSSLError) {
        state = try HMACState(.md5, key: key)
    }

    /// Adds octets to the message.
    public func update(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

    /// Adds octets to the message.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { state.update($0) } }

    /// Writes the 16 octets of the result at the start of `output` and begins a new message.
    ///
    /// False when `output` is shorter than that or libcrypto is out of memory: then the result must not be used.
    public func finish(into output: UnsafeMutableRawBufferPointer) -> Bool { state.finish(into: output) }

    /// The result as an array, empty on failure; begins a new message.
    public func finish() -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Self.length)
        return output.withUnsafeMutableBytes({ state.finish(into: $0) }) ? output : []
    }
}
