internal import RADIUS
internal import Territory

/// What a packet thread does with requests whose home is elsewhere.
extension PacketThread {
    /// Sends a login on its way to its home server, or refuses it; false: it is ours to decide.
    func forwardsLogin(_ request: Request, _ proxy: ProxyClient) -> Bool {
        guard let name = request.packet.first(.userName)?.value else { return false }
        switch proxy.routes.route(name) {
        case .here: return false
        case .refused: refuse(request, .unknownUser)
        case .pool(let pool):
            // RFC 3579 §3.2: silently discarded. Sent on it would be signed, by us, whoever wrote it.
            if request.packet.lacksEAPProof {
                drop(request, .missingMessageAuthenticator)
                return true
            }
            guard !proxy.isLoop(request.packet) else {
                request.gateway.tally.count(.proxyLoop)
                refuse(request, .unavailable)
                return true
            }
            request.gateway.tally.count(.forwarded)
            let waiting = deferRequest(request)
            let submission = ProxySubmission(purpose: .login, request: waiting, thread: index, pool: pool)
            if !proxy.send(.submission(submission)) { forget([waiting], .overloadedProxy) }
        }
        return true
    }

    private func refuse(_ request: Request, _ reason: RefusalReason) {
        note(AccessDecision(.reject(reason), .proxied), request)
        authentication.refuse(request, reason, on: self)
    }

    /// Notes what became of a login at its home, for the log; a challenge decides nothing.
    func noteFromHome(_ kind: TallyKind, _ request: Request) {
        switch kind {
        case .acceptFromHome: note(AccessDecision(.accept, .proxied), request)
        case .rejectFromHome: note(AccessDecision(.rejectNamed("home-server"), .proxied), request)
        case .homeUnavailable: note(AccessDecision(.reject(.unavailable), .proxied), request)
        case .homeSilent, .overloadedProxy: note(AccessDecision(.drop(kind), .proxied), request)
        default: break
        }
    }

    /// Tells the proxy that a NAS has sent a login again which is under way: the one kind of retransmission there is.
    func repeatLogin(_ packet: PacketView, _ ticket: DuplicateCache.Ticket) {
        guard let proxy, packet.code == .accessRequest, let name = packet.first(.userName)?.value,
            case .pool = proxy.routes.route(name)
        else { return }
        // Should the queue be full, the NAS sends it a third time.
        _ = proxy.send(.again(ProxiedLogin(thread: index, ticket: ticket)))
    }

    /// Sends a copy of a record that is durable here to its subject's home.
    func forwardRecord(_ request: Request, _ waiting: DeferredRequest) {
        guard let proxy, let name = request.packet.first(.userName)?.value,
            case .pool(let pool) = proxy.routes.route(name), proxy.configuration.pools[pool].forwardsAccounting,
            !proxy.isLoop(request.packet)
        else { return }
        let submission = ProxySubmission(purpose: .record, request: waiting, thread: index, pool: pool)
        request.gateway.tally.count(proxy.send(.submission(submission)) ? .forwarded : .overloadedProxy)
    }
}

extension PacketView {
    /// Whether EAP comes without the Message-Authenticator it needs (RFC 3579 §3.2). RADIUS/1.1 has none, TLS vouches for it.
    var lacksEAPProof: Bool { has(.eapMessage) && !has(.messageAuthenticator) && version == .radius10 }
}

extension ProxyClient {
    /// Whether a request has been here before, or may go round for ever: our own mark among its Proxy-States, Operator-Name
    /// added twice, or more Proxy-States than a path has hops.
    func isLoop(_ packet: PacketView) -> Bool {
        guard packet.has(.proxyState) || packet.has(.operatorName) else { return false }
        let states = packet.proxyStates
        let names = packet.attributes.reduce(0) { $0 + ($1.type == .operatorName ? 1 : 0) }
        return names > 1 || states.count > configuration.maximumHops
            || states.contains { ProxyState($0, mark: mark) != nil }
    }
}
