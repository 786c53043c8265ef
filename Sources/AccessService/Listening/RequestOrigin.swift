internal import RADIUS

/// Where a request came from, which is where its answer goes.
///
/// An enumeration and no protocol: a datagram's origin is copied without a reference being counted.
enum RequestOrigin: Sendable {
    /// A datagram: the index of the socket in its thread, and who sent it.
    case datagram(socket: Int, peer: PeerAddress)
    /// A packet of a connection.
    case stream(StreamExchange)

    /// The address that the request came from; behind NAT it says little.
    var peer: PeerAddress {
        switch self {
        case .datagram(_, let peer): peer
        case .stream(let exchange): exchange.connection.peer
        }
    }

    /// The protocol that its packets follow.
    var version: ProtocolVersion {
        switch self {
        case .datagram: .radius10
        case .stream(let exchange): exchange.connection.version
        }
    }
}
