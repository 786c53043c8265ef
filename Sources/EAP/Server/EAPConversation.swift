public import OpenSSL

/// The server's side of one EAP conversation: a peer's packets in, ``EAPAction``s out (RFC 3748, RFC 4137 §6).
///
/// ```swift
/// let conversation = EAPConversation(settings, packetSize: EAPLimits.fragmentSize(framedMTU: mtu))
/// switch try conversation.receive(eapMessage) {
/// case .send(let request): …                        // Access-Challenge
/// case .verify(let credential): …                   // find the account, then conversation.answer(…)
/// case .resumed(let resumption): …                  // look at it again, then conversation.answer(…)
/// case .finished(.success(let success, let packet)): …
/// case .finished(.failure(let reason, let packet)): …
/// }
/// ```
///
/// One owner at a time: it is not `Sendable`, but may be sent on to another thread between two calls. A call takes up to a
/// few milliseconds (the handshake's signatures). It knows no clock: the caller forgets conversations that have gone
/// silent.
public final class EAPConversation {
    private enum State {
        case identity
        /// The first request of a method is out; the peer may Nak it.
        case proposed(EAPServerMethod)
        case method(TunnelServer, EAPServerMethod)
        case asking(TunnelServer, EAPServerMethod)
        case finished
    }

    /// What the peer said it is; nil until it has. Nothing proves it, but its realm says where to send the login.
    public private(set) var identity: EAPIdentity?
    /// Exchanges so far.
    public private(set) var rounds = 0

    private let settings: EAPServerSettings
    private let packetSize: Int
    private let random: @Sendable (Int) -> [UInt8]
    private var state = State.identity
    private var identifier: UInt8
    private var answered: (response: [UInt8], request: [UInt8])?

    /// A conversation that has not begun. `packetSize` bounds our EAP packets, 100…1400 octets:
    /// ``EAPLimits/fragmentSize(framedMTU:)``. `random` gives that many unpredictable octets; tests give their own.
    public init(
        _ settings: EAPServerSettings, packetSize: Int = EAPLimits.defaultFragmentSize,
        random: @escaping @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }
    ) {
        (self.settings, self.random) = (settings, random)
        let sizes = EAPLimits.fragmentSizes
        self.packetSize = min(max(packetSize, sizes.lowerBound), sizes.upperBound)
        identifier = random(1).first ?? 0
    }

    /// A request for the peer's identity, where the NAS left that to us (EAP-Start, RFC 3579 §2.1).
    public func requestIdentity() -> [UInt8] {
        EAPPacket.request(identifier: identifier, .identity, data: []).encoded()
    }

    /// Takes a peer's packet.
    ///
    /// A copy of the response answered last gets the same request again. Throws for a packet that must be discarded in
    /// silence (RFC 3748 §4.1): nothing has changed and the conversation goes on.
    public func receive(_ message: [UInt8]) throws(EAPError) -> EAPAction {
        guard case .response(let identifier, let method, let data) = try EAPPacket(decoding: message) else {
            throw EAPError(.unexpectedPacket)
        }
        if let answered, answered.response == message { return .send(answered.request) }
        let action: EAPAction
        switch state {
        case .finished: throw EAPError(.finished)
        case .asking: throw EAPError(.answerPending)
        case .identity:
            guard method == .identity else { throw EAPError(.unexpectedPacket) }
            identity = try EAPIdentity(decoding: data)
            self.identifier = identifier
            action = propose(settings.methods.first)
        case .proposed(let proposed):
            try check(identifier)
            action = try receive(method, data, proposed: proposed)
        case .method(let tunnel, let current):
            try check(identifier)
            guard method == current.type else { throw EAPError(.unexpectedPacket) }
            action = follow(try tunnel.receive(data), tunnel, current)
        }
        return remember(action, answering: message)
    }

    /// The caller's answer to ``EAPAction/verify(_:)`` or ``EAPAction/resumed(_:)``. Throws `.nothingToAnswer` when
    /// nothing was asked.
    public func answer(_ verdict: EAPVerdict) throws(EAPError) -> EAPAction {
        guard case .asking(let tunnel, let method) = state else { throw EAPError(.nothingToAnswer) }
        let action = follow(try tunnel.answer(verdict), tunnel, method)
        return remember(action, answering: lastResponse)
    }

    private var lastResponse: [UInt8] = []

    private func check(_ identifier: UInt8) throws(EAPError) {
        guard identifier == self.identifier else { throw EAPError(.identifierMismatch) }
    }

    /// Keeps what a retransmission needs, and ends a conversation that does not end by itself.
    private func remember(_ action: EAPAction, answering response: [UInt8]) -> EAPAction {
        switch action {
        case .send(let request):
            rounds += 1
            guard rounds <= EAPLimits.maximumRounds else { return fail(.tooManyRounds) }
            answered = (response, request)
        case .verify, .resumed: (lastResponse, answered) = (response, nil)
        case .finished: (lastResponse, answered) = ([], nil)
        }
        return action
    }

    private func receive(
        _ method: EAPMethod, _ data: [UInt8], proposed: EAPServerMethod
    ) throws(EAPError) -> EAPAction {
        if method == .nak {
            let desired = try EAPNak(legacy: data).desired
            return propose(settings.methods.first { $0 != proposed && desired.contains($0.type) })
        }
        guard method == proposed.type, let identity else { throw EAPError(.unexpectedPacket) }
        guard
            let tunnel = TunnelServer(
                proposed, settings: settings, identity: identity, packetSize: packetSize, random: random)
        else { return fail(.tls(.operationFailed)) }
        return follow(try tunnel.receive(data), tunnel, proposed)
    }

    private func propose(_ method: EAPServerMethod?) -> EAPAction {
        guard let method else { return fail(.noCommonMethod) }
        state = .proposed(method)
        return request(method, TunnelServer.start)
    }

    private func request(_ method: EAPServerMethod, _ data: [UInt8]) -> EAPAction {
        identifier &+= 1
        return .send(EAPPacket.request(identifier: identifier, method.type, data: data).encoded())
    }

    private func follow(_ step: TunnelServer.Step, _ tunnel: TunnelServer, _ method: EAPServerMethod) -> EAPAction {
        switch step {
        case .frame(let frame):
            state = .method(tunnel, method)
            return request(method, frame)
        case .verify(let credential):
            state = .asking(tunnel, method)
            return .verify(credential)
        case .resumed(let resumption):
            state = .asking(tunnel, method)
            return .resumed(resumption)
        case .success(let success):
            state = .finished
            return .finished(.success(success, packet: EAPPacket.success(identifier: identifier).encoded()))
        case .failure(let reason): return fail(reason)
        }
    }

    /// A Success or Failure has the identifier of the response it answers (RFC 3748 §4.2).
    private func fail(_ reason: EAPFailureReason) -> EAPAction {
        state = .finished
        return .finished(.failure(reason, packet: EAPPacket.failure(identifier: identifier).encoded()))
    }
}
