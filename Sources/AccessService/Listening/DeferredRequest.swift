/// A request that could not be answered at once, copied out of the receive buffer: what is needed to take it up again on
/// the thread it came to, and to answer where it came from.
struct DeferredRequest: Sendable {
    /// The packet, exactly as long as its Length field says.
    let packet: [UInt8]
    let origin: RequestOrigin
    let gateway: ServedNAS
    let ticket: DuplicateCache.Ticket
    /// Monotonic nanoseconds.
    let receivedAt: UInt64
    /// What its EAP conversation asks about.
    var inner: InnerLogin?

    /// The same request, asking about a login inside its tunnel.
    func carrying(_ login: InnerLogin) -> DeferredRequest {
        var request = self
        request.inner = login
        return request
    }

    /// The address that it came from.
    var peer: PeerAddress { origin.peer }
}
