internal import RADIUS

/// Requests to a home server over TLS: one connection, which both services of the server share, finds identifiers or tokens
/// by itself and hands the answers to the proxy's inbox.
///
/// Bound: 256 requests wait for each service, 256 are under way over the connection.
final class StreamTransport: HomeTransport {
    /// How long a record's answer is waited for before its identifier is given to another.
    private static let patience = Duration.seconds(30)

    private let connection: RadSecClientConnection
    private let inbox: ProxyInbox
    private var hasLane = false
    private var number: UInt64 = 0

    init(_ connection: RadSecClientConnection, inbox: ProxyInbox) {
        (self.connection, self.inbox) = (connection, inbox)
    }

    var isConnected: Bool { connection.version != nil }

    var sockets: [ConnectedSocket] { [] }

    func addLane() -> Bool {
        if hasLane { return false }
        hasLane = true
        return true
    }

    /// Never twice over one connection, which loses nothing (RFC 6613 §2.6.1): again is for another connection, and for an
    /// answer that has been given up.
    func send(
        _ request: inout ForwardedRequest, at place: HomeEndpoint.Place,
        _ make: (ProxyRelay.Envelope) -> SignedRequest?
    ) -> Sending {
        guard request.transmission?.isUnderway != true, isConnected else { return .waits }
        number &+= 1
        var (isAsked, made): (Bool, ForwardedRequest.Transmission?) = (false, nil)
        let (inbox, number) = (inbox, number)
        connection.request(timeout: Self.patience) { envelope in
            isAsked = true
            made = make(envelope).map {
                ForwardedRequest.Transmission(
                    signed: $0, version: envelope.version, number: number, isUnderway: true)
            }
            return made?.signed
        } _: { reply in
            inbox.deliver(.answered(place, number, reply))
        }
        guard let made else { return isAsked ? .unsendable : .waits }
        request.transmission = made
        return .sent
    }

    func reconnect(_ fault: StreamFault) { connection.end(fault) }
}

extension ProxyRelay.Envelope {
    /// Of the packets that it is for.
    fileprivate var version: ProtocolVersion {
        switch self {
        case .radius10: .radius10
        case .radius11: .radius11
        }
    }
}
