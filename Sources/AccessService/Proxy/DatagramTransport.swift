internal import RADIUS

/// Requests to a home server over UDP: a lane is a socket, a place's identifier that of its packet.
final class DatagramTransport: HomeTransport {
    private(set) var sockets: [ConnectedSocket] = []
    private let address: PeerAddress
    private let limit: Int

    /// - Parameter limit: sockets at most.
    init(to address: PeerAddress, limit: Int) { (self.address, self.limit) = (address, limit) }

    var isConnected: Bool { true }

    func addLane() -> Bool {
        guard sockets.count < limit, let socket = try? ConnectedSocket(to: address) else { return false }
        sockets.append(socket)
        return true
    }

    /// Again means the same octets: others would be another request (RFC 5080 §2.2.1).
    func send(
        _ request: inout ForwardedRequest, at place: HomeEndpoint.Place,
        _ make: (ProxyRelay.Envelope) -> SignedRequest?
    ) -> Sending {
        if request.transmission == nil {
            request.transmission = make(.radius10(identifier: place.identifier)).map {
                ForwardedRequest.Transmission(signed: $0, version: .radius10, number: 0)
            }
        }
        guard let transmission = request.transmission, sockets.indices.contains(place.lane) else { return .unsendable }
        _ = sockets[place.lane].send(transmission.signed.bytes)
        return .sent
    }

    /// Datagrams know no connection.
    func reconnect(_ fault: StreamFault) {}
}
