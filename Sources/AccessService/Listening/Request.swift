internal import RADIUS

/// An authentic request while it is being handled on its thread. A view: it ends with the receive buffer's turn; what
/// must wait is deferred, which copies.
struct Request {
    let packet: PacketView
    let origin: RequestOrigin
    let gateway: GatewayState
    let ticket: DuplicateCache.Ticket
    /// Monotonic nanoseconds.
    let receivedAt: UInt64
    /// What its EAP conversation asks about; nil: the request itself is asking.
    var inner: InnerLogin?

    /// The address that it came from.
    var peer: PeerAddress { origin.peer }

    /// What its packet and the reply are signed and hidden with: the NAS's secret, or that of all TLS connections.
    var secret: SharedSecret {
        switch origin {
        case .datagram: gateway.secret
        case .stream: gateway.streamSecret
        }
    }
}

extension Authenticator {
    /// The octets as two words, for the duplicate cache.
    @inline(__always)
    var words: (UInt64, UInt64) {
        withUnsafeBytes { ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
    }
}
