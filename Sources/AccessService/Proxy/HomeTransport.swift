internal import RADIUS

/// How the requests of one endpoint travel, over UDP or over TLS. It belongs to the proxy's thread.
protocol HomeTransport: AnyObject {
    /// Whether a request sent now goes out. Over UDP it always does; whether it arrives is another question.
    var isConnected: Bool { get }
    /// What the thread polls, one for each lane; none where answers come as messages.
    var sockets: [ConnectedSocket] { get }
    /// Makes room for 256 more requests; false: there are as many as there may be.
    func addLane() -> Bool
    /// Sends a request, for the first time or again. `make` writes it into an envelope of the transport's.
    func send(
        _ request: inout ForwardedRequest, at place: HomeEndpoint.Place,
        _ make: (ProxyRelay.Envelope) -> SignedRequest?
    ) -> Sending
    /// Gives up on what connects us; a new connection is made.
    func reconnect(_ fault: StreamFault)
}

/// What came of sending a request to a home server.
enum Sending: Hashable {
    case sent
    /// Kept: it is on its way already, or goes out when there is a connection.
    case waits
    /// It could not be written.
    case unsendable
}
