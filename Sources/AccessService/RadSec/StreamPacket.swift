/// A packet of a connection on its way to a packet thread.
struct StreamPacket: Sendable {
    /// Exactly as long as its Length field says.
    let bytes: [UInt8]
    let exchange: StreamExchange
}
