import OpenSSL

/// The 16 octets of a packet's authenticator (RFC 2865 §3), of a Message-Authenticator or of a CHAP response, as a value
/// that needs no allocation and can key a table.
public struct Authenticator: Hashable, Sendable {
    /// Octets of an authenticator.
    public static let length = 16
    /// Sixteen zeros, as requests are signed over (RFC 2866 §3, RFC 5176 §2.3).
    public static let zero = Authenticator(first: 0, second: 0)

    // In memory order: the two words, laid out one behind the other, are the octets.
    private var first: UInt64
    private var second: UInt64

    private init(first: UInt64, second: UInt64) {
        (self.first, self.second) = (first, second)
    }

    /// The octets of a buffer of exactly 16; nil for another length.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length else { return nil }
        self = .zero
        withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    }

    /// The octets of an array of exactly 16; nil for another length.
    public init?(_ bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBytes({ Authenticator($0) }) else { return nil }
        self = value
    }

    /// A RADIUS/1.1 token and the twelve reserved zeros behind it (RFC 9765 §4.1).
    public init(token: UInt32) {
        self.init(first: (UInt64(token) << 32).bigEndian, second: 0)
    }

    /// The first four octets as a number: the token, in a packet of RADIUS/1.1.
    public var token: UInt32 { UInt32(truncatingIfNeeded: UInt64(bigEndian: first) >> 32) }

    /// Sixteen octets of `generator`: the authenticator of an Access-Request must be unpredictable (RFC 2865 §3).
    public static func random(using generator: inout some RandomNumberGenerator) -> Authenticator {
        Authenticator(first: generator.next(), second: generator.next())
    }

    /// Sixteen octets of libcrypto's generator.
    public static func random() -> Authenticator { Authenticator(SecureRandom.bytes(length)) ?? .zero }

    /// The octets.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Calls `body` with the octets, which are there only during the call.
    @inline(__always)
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: self, body)
    }

    @inline(__always)
    mutating func withUnsafeMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        Swift.withUnsafeMutableBytes(of: &self, body)
    }

    /// Whether both are the same octets, in constant time.
    func matches(_ other: UnsafeRawBufferPointer) -> Bool { withUnsafeBytes { constantTimeEqual($0, other) } }
}
