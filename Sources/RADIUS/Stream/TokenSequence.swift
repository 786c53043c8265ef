/// The tokens of the requests that one end sends over one connection (RFC 9765 §4.2.1): no two alike before 2^32 of them.
public struct TokenSequence: Sendable {
    private var token: UInt32

    /// Begins anywhere, so that an old connection's replies are not taken for this one's.
    public init() { token = .random(in: 0...UInt32.max) }

    /// Begins at a known place, for tests.
    public init(first: UInt32) { token = first &- 1 }

    /// A token that this connection has not used yet.
    public mutating func next() -> UInt32 {
        token &+= 1
        return token
    }
}
