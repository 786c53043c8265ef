/// What identifies a request to RFC 5080 §2.2.2, apart from its authenticator: source, port, code and identifier, and
/// which of our sockets it came to.
struct DuplicateKey: Hashable, Sendable, BitwiseCopyable {
    var high: UInt64
    var low: UInt64
    /// Port, code, identifier and socket index, packed.
    var rest: UInt64

    init(peer: PeerAddress, socket: Int, code: UInt8, identifier: UInt8) {
        (high, low) = (peer.high, peer.low)
        rest =
            UInt64(peer.port) | UInt64(code) << 16 | UInt64(identifier) << 24 | UInt64(
                UInt32(truncatingIfNeeded: socket)) << 32
    }

    /// Mixed with a random seed, so that nobody outside can aim at one bucket.
    func hash(seed: UInt64) -> UInt64 {
        var value = (seed ^ high) &* 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value >> 32) ^ low) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 29) ^ rest) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
