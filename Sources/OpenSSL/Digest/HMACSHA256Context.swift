/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) under one key.
///
/// One context belongs to one thread: it is not `Sendable`. It may be used for any number of messages.
public final class HMACSHA256Context {
    /// Octets of one result.
    public static let length = 32

    private let state: HMACState

    /// An empty message under `key`, of any length.
    ///
    /// Throws `.algorithmUnavailable` when libcrypto does not offer the algorithm.
    public init(key: [UInt8]) throws(OpenSSLError) {
        state = try HMACState(.sha256, key: key)
    }

    /// Adds octets to the message.
    public func update(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

    /// Adds octets to the message.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { state.update($0) } }

    /// Writes the 32 octets of the result at the start of `output` and begins a new message.
    ///
    /// False when `output` is shorter than that or libcrypto is out of memory: then the result must not be used.
    public func finish(into output: UnsafeMutableRawBufferPointer) -> Bool { state.finish(into: output) }

    /// The result as an array, empty on failure; begins a new message.
    public func finish() -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Self.length)
        return output.withUnsafeMutableBytes({ state.finish(into: $0) }) ? output : []
    }
}
