/// Carries requests from one peer to another and the replies back (RFC 2865 §2.3).
///
/// Each hop has its own secret and may have its own version of the protocol; hidden values are revealed and hidden anew,
/// Message-Authenticator comes first, Proxy-States stay in order with ours behind them. It belongs to one thread, as its
/// secrets do.
public struct ProxyRelay {
    /// The peer that asks: a NAS, or a proxy before us.
    public let origin: SharedSecret
    /// The peer that answers: a home server, or a proxy behind us.
    public let home: SharedSecret
    /// What may pass.
    public let filter: AttributeFilter

    /// A relay between two peers.
    public init(origin: SharedSecret, home: SharedSecret, filter: AttributeFilter = .everything) {
        (self.origin, self.home, self.filter) = (origin, home, filter)
    }

    /// How a forwarded request is told from others between us and the peer behind us.
    public enum Envelope: Sendable {
        /// By identifier, and an authenticator nobody can predict.
        case radius10(identifier: UInt8, authenticator: Authenticator = .random())
        /// By the connection's next token.
        case radius11(token: UInt32)
    }

    /// The request as it goes on.
    ///
    /// `adding` comes behind the request's own attributes: Operator-Name, Chargeable-User-Identity. A CHAP response gets its
    /// challenge beside it, since the authenticator changes (RFC 2865 §2.2). An Accounting-Request has a
    /// Message-Authenticator only if it came with one. Throws `.unexpectedCode` for a Status-Server, which goes no further
    /// (RFC 5997 §4.2), and for replies; the faults of hidden values; `.packetTooLong`.
    public func forward(
        _ request: PacketView, in envelope: Envelope, proxyState: ProxyState, adding: [Attribute] = []
    ) throws(RADIUSError) -> SignedRequest {
        guard request.code.isRequest, request.code != .statusServer else { throw RADIUSError(.unexpectedCode, at: 0) }
        let hop = ProxyHop(request: request, secret: origin)
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        return try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            var writer = begin(UnsafeMutableRawBufferPointer(buffer), request, envelope)
            try writer.forward(
                request, from: hop, filter: filter.list(request.code, .towardsHome), secret: home)
            if let challenge = missingChallenge(of: request) { writer.append(.chapChallenge, challenge) }
            writer.append(adding)
            writer.copy(.proxyState, from: request)
            writer.append(.proxyState, proxyState.octets)
            let length = try writer.finish(secret: home)
            return SignedRequest(bytes: Array(buffer[..<length]), sent: writer.sent)
        }
    }

    private func begin(
        _ buffer: UnsafeMutableRawBufferPointer, _ request: PacketView, _ envelope: Envelope
    ) -> PacketWriter {
        switch envelope {
        case .radius10(let identifier, let authenticator):
            PacketWriter(
                buffer, request: request.code, identifier: identifier, authenticator: authenticator,
                messageAuthenticator: request.code != .accountingRequest || request.has(.messageAuthenticator))
        case .radius11(let token): PacketWriter(buffer, request: request.code, token: token)
        }
    }

    private func missingChallenge(of request: PacketView) -> [UInt8]? {
        guard request.version == .radius10, request.code == .accessRequest, request.has(.chapPassword),
            !request.has(.chapChallenge)
        else { return nil }
        return request.authenticator.bytes
    }

    /// Writes the reply to `request` into `buffer`, from the reply to what ``forward(_:in:proxyState:adding:)`` made of it,
    /// and returns its length.
    ///
    /// `reply` must have been verified against `sent`. Its Proxy-States are checked: the last must be ours, if there are any
    /// (`.proxyStateMismatch`); some servers lose them all. Throws `.unexpectedCode` for a Protocol-Error, which is between
    /// the two of us, and what ``forward(_:in:proxyState:adding:)`` throws.
    public func answer(
        _ request: PacketView, with reply: PacketView, to sent: SentRequest, proxyState: ProxyState,
        adding: [Attribute] = [], into buffer: UnsafeMutableRawBufferPointer
    ) throws(RADIUSError) -> Int {
        guard reply.code != .protocolError, reply.code.answers(request.code) else {
            throw RADIUSError(.unexpectedCode, at: 0)
        }
        if let last = reply.proxyStates.last, last != proxyState.octets { throw RADIUSError(.proxyStateMismatch) }
        let hop = ProxyHop(reply: reply, to: sent, secret: home)
        var writer = PacketWriter(buffer, replying: reply.code, to: request)
        try writer.forward(reply, from: hop, filter: filter.list(reply.code, .towardsOrigin), secret: origin)
        writer.append(adding)
        return try writer.finish(secret: origin)
    }
}
