public import OpenSSL

/// The peer's side of one EAP conversation, for rehearsing a site and for tests: a server's packets in, responses out.
///
/// A Success counts only when the method is done: when the server has proven that it knows what it must, inside the
/// tunnel whose certificate was checked. One owner at a time, no clock, no I/O.
public final class EAPPeer {
    private let settings: EAPPeerSettings
    private let packetSize: Int
    private let random: @Sendable (Int) -> [UInt8]
    private var tunnel: TunnelPeer?
    private var answered: (request: [UInt8], response: [UInt8])?
    private var isOver = false

    /// A peer that has said nothing. `packetSize` as in ``EAPConversation``.
    public init(
        _ settings: EAPPeerSettings, packetSize: Int = EAPLimits.defaultFragmentSize,
        random: @escaping @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }
    ) {
        (self.settings, self.packetSize, self.random) = (settings, packetSize, random)
    }

    /// The response that begins: an Identity, as to a request of this identifier.
    public func identityResponse(identifier: UInt8 = 0) -> [UInt8] {
        EAPPacket.response(identifier: identifier, .identity, data: Array(settings.outerIdentity.utf8)).encoded()
    }

    /// What to resume next time; nil without a ticket. After a Success it is in ``EAPPeerSuccess`` too.
    var resumable: [UInt8]? { tunnel?.resumable }

    /// Takes a server's packet. A copy of the last request gets the same response. Throws for a packet that must be
    /// discarded in silence.
    public func receive(_ message: [UInt8]) throws(EAPError) -> EAPPeerAction {
        guard !isOver else { throw EAPError(.finished) }
        if let answered, answered.request == message { return .send(answered.response) }
        switch try EAPPacket(decoding: message) {
        case .response: throw EAPError(.unexpectedPacket)
        case .success: return try succeed()
        case .failure:
            isOver = true
            return .failure(tunnel?.failure ?? .refused)
        case .request(let identifier, let method, let data):
            let response = try respond(identifier, method, data)
            answered = (message, response)
            return .send(response)
        }
    }

    private func succeed() throws(EAPError) -> EAPPeerAction {
        // An unprotected Success before the end is a forgery (RFC 3748 §7.16).
        guard let tunnel, tunnel.isDone else { throw EAPError(.unexpectedPacket) }
        isOver = true
        guard let success = tunnel.success() else { return .failure(.tls(.operationFailed)) }
        return .success(success)
    }

    private func respond(_ identifier: UInt8, _ method: EAPMethod, _ data: [UInt8]) throws(EAPError) -> [UInt8] {
        let wanted = settings.method.outer.type
        switch method {
        case .identity where tunnel == nil: return identityResponse(identifier: identifier)
        case .notification: return EAPPacket.response(identifier: identifier, .notification, data: []).encoded()
        case wanted:
            if tunnel == nil { tunnel = TunnelPeer(settings, packetSize: packetSize, random: random) }
            guard let tunnel else { throw EAPError(.cryptography) }
            return EAPPacket.response(identifier: identifier, wanted, data: try tunnel.receive(data)).encoded()
        default:
            guard tunnel == nil else { throw EAPError(.unexpectedPacket) }
            return EAPPacket.response(identifier: identifier, .nak, data: EAPNak(desired: [wanted]).legacyData)
                .encoded()
        }
    }
}
