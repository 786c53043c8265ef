/// The server's side of an EAP conversation inside a tunnel: Identity, then EAP-MSCHAPv2 or EAP-GTC. How its packets are
/// wrapped is TTLS's and PEAP's affair.
struct InnerEAPServer {
    /// What follows.
    enum Step {
        /// Send this request.
        case request(EAPMethod, [UInt8])
        /// Ask the caller.
        case verify(InnerCredential)
        /// The peer has proven itself, and so have we.
        case proven
        /// It has not.
        case refused(EAPFailureReason)
    }

    private enum State {
        case identity
        case challenged(identifier: UInt8, [UInt8])
        case verifying(MSCHAPv2Exchange)
        case verifyingPassword
        case succeeding
        case failing(EAPFailureReason)
        case prompted
        case over
    }

    private(set) var identity: String?
    private(set) var isProven = false
    private var state = State.identity
    private let methods: [EAPInnerMethod]
    private var refusedMethods: Set<EAPInnerMethod> = []
    private let serverName: String
    private let random: @Sendable (Int) -> [UInt8]

    init(settings: EAPServerSettings, random: @escaping @Sendable (Int) -> [UInt8]) {
        (methods, serverName, self.random) = (settings.innerMethods, settings.serverName, random)
    }

    /// The first request.
    func begin() -> Step { .request(.identity, []) }

    /// A response of the peer's.
    mutating func receive(_ method: EAPMethod, _ data: [UInt8]) throws(EAPError) -> Step {
        switch (state, method) {
        case (.identity, .identity):
            identity = try EAPIdentity(decoding: data).text
            return offer(methods.first)
        case (.challenged, .nak), (.prompted, .nak): return offer(try preferred(data))
        case (.challenged(let identifier, let challenge), .mschapv2):
            return try respond(MSCHAPv2Packet(decoding: data), identifier: identifier, challenge: challenge)
        case (.succeeding, .mschapv2): return try acknowledge(MSCHAPv2Packet(decoding: data))
        case (.failing(let reason), .mschapv2): return finish(.refused(reason))
        case (.prompted, .genericTokenCard): return try token(data)
        case (.identity, _), (.challenged, _), (.verifying, _), (.verifyingPassword, _), (.succeeding, _),
            (.failing, _), (.prompted, _), (.over, _):
            throw EAPError(.innerPacketInvalid)
        }
    }

    /// The caller's answer.
    mutating func answer(_ verdict: EAPVerdict) throws(EAPError) -> Step {
        switch (state, verdict) {
        case (.verifying(let exchange), .ntHash(let hash, _)):
            guard try exchange.isProven(by: hash) else { return fail(exchange, .passwordWrong) }
            isProven = true
            state = .succeeding
            let message = try exchange.authenticatorResponse(hash) + " M=OK"
            return .request(
                .mschapv2, MSCHAPv2Packet.success(identifier: exchange.identifier, message: message).encoded())
        // Without the hash we cannot prove ourselves to the peer, and it would refuse us.
        case (.verifying(let exchange), .accept), (.verifying(let exchange), .reject):
            return fail(exchange, .refused)
        case (.verifyingPassword, .accept):
            isProven = true
            return finish(.proven)
        case (.verifyingPassword, .ntHash), (.verifyingPassword, .reject): return finish(.refused(.refused))
        case (.identity, _), (.challenged, _), (.succeeding, _), (.failing, _), (.prompted, _), (.over, _):
            throw EAPError(.nothingToAnswer)
        }
    }

    private mutating func finish(_ step: Step) -> Step {
        state = .over
        return step
    }

    private mutating func offer(_ method: EAPInnerMethod?) -> Step {
        guard let method, refusedMethods.insert(method).inserted else { return finish(.refused(.noCommonInnerMethod)) }
        switch method {
        case .genericTokenCard:
            state = .prompted
            return .request(.genericTokenCard, Array("Password: ".utf8))
        case .mschapv2:
            let (challenge, identifier) = (random(16), random(1).first ?? 1)
            state = .challenged(identifier: identifier, challenge)
            let packet = MSCHAPv2Packet.challenge(identifier: identifier, challenge: challenge, name: serverName)
            return .request(.mschapv2, packet.encoded())
        }
    }

    /// The first of our methods that the peer's Nak lists.
    private func preferred(_ nak: [UInt8]) throws(EAPError) -> EAPInnerMethod? {
        let desired = try EAPNak(legacy: nak).desired
        return methods.first { desired.contains($0.type) }
    }

    private mutating func respond(
        _ packet: MSCHAPv2Packet, identifier: UInt8, challenge: [UInt8]
    ) throws(EAPError) -> Step {
        guard case .response(identifier, let peerChallenge, let ntResponse, let name) = packet, !name.isEmpty else {
            throw EAPError(.mschapMalformed)
        }
        let exchange = try MSCHAPv2Exchange(
            user: name, authenticatorChallenge: challenge, peerChallenge: peerChallenge, ntResponse: ntResponse,
            identifier: identifier)
        // The name that the proof is bound to, not the one that merely announced it.
        identity = name
        state = .verifying(exchange)
        return .verify(.mschapv2(exchange))
    }

    private mutating func acknowledge(_ packet: MSCHAPv2Packet) throws(EAPError) -> Step {
        switch packet {
        case .successAcknowledgement, .success: return finish(.proven)
        case .failureAcknowledgement, .failure: return finish(.refused(.refusedByPeer))
        case .challenge, .response: throw EAPError(.mschapMalformed)
        }
    }

    private mutating func fail(_ exchange: MSCHAPv2Exchange, _ reason: EAPFailureReason) -> Step {
        state = .failing(reason)
        let failure = MSCHAPv2Failure(
            error: MSCHAPv2Failure.authenticationFailure, mayRetry: false, challenge: random(16),
            message: "Authentication failed")
        return .request(
            .mschapv2, MSCHAPv2Packet.failure(identifier: exchange.identifier, message: failure.text).encoded())
    }

    private mutating func token(_ data: [UInt8]) throws(EAPError) -> Step {
        guard let identity, (1...EAPLimits.maximumPassword).contains(data.count), !data.contains(0) else {
            throw EAPError(.credentialsMalformed)
        }
        state = .verifyingPassword
        return .verify(.pap(user: identity, password: data))
    }
}
