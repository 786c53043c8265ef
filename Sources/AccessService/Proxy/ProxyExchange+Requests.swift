internal import RADIUS

/// Requests on their way to a home server.
extension ProxyExchange {
    /// The NAS has sent a login again: so do we, to the same server, or to another if that one has come under suspicion.
    func sendAgain(_ login: ProxiedLogin) {
        guard let place = underway[login], let request = endpoints[place.endpoint].request(at: place),
            case .login(let original) = request.purpose, original.login == login
        else { return }
        let endpoint = endpoints[place.endpoint]
        if moves(request, at: place, endpoint) { return }
        if send(request, at: place, endpoint) == .sent { endpoint.tally.count(.retransmission) }
    }

    /// Gives a request to another server if its own has come under suspicion and another would be asked now.
    func moves(_ request: ForwardedRequest, at place: HomeEndpoint.Place, _ endpoint: HomeEndpoint) -> Bool {
        guard endpoint.condition != .alive else { return false }
        switch request.purpose {
        case .login(let submission):
            guard choose(for: submission)?.index != endpoint.index else { return false }
            endpoint.release(place)
            underway[submission.login] = nil
            forward(submission)
        case .record(let submission, let timer):
            guard let choice = choose(for: submission), choice.index != endpoint.index else { return false }
            endpoint.release(place)
            forward(submission, timer: timer)
        case .probe: return false
        }
        return true
    }

    func forward(_ submission: ProxySubmission, timer: RetransmissionTimer? = nil) {
        guard let endpoint = choose(for: submission) else { return refuse(submission) }
        guard let place = endpoint.freePlace() else {
            endpoint.tally.count(.overloaded)
            return submission.purpose == .record
                ? endpoint.tally.count(.recordLost) : drop(submission, .overloadedProxy)
        }
        serial &+= 1
        let purpose: ForwardedRequest.Purpose
        if submission.purpose == .login {
            purpose = .login(submission)
        } else {
            let timer =
                timer ?? RetransmissionTimer(parameters: .init(), now: now, random: .random(in: -0.1...0.1))
            purpose = .record(submission, timer)
        }
        // A record's own timer ends it; a login ends when its NAS would be taken for starting anew.
        let expiresAt =
            submission.purpose == .login ? submission.request.receivedAt &+ Self.loginLifetime : UInt64.max
        let request = ForwardedRequest(purpose: purpose, serial: serial, sentAt: now, expiresAt: expiresAt)
        switch send(request, at: place, endpoint) {
        case .unsendable: return drop(submission, .malformed)
        case .sent: endpoint.tally.count(.request)
        case .waits: break
        }
        if submission.purpose == .login { underway[submission.login] = place }
    }

    /// Sends a request and keeps it at its place, unless it cannot be written.
    func send(_ request: ForwardedRequest, at place: HomeEndpoint.Place, _ endpoint: HomeEndpoint) -> Sending {
        var sent = request
        let sending = endpoint.transport.send(&sent, at: place) { encode(request, for: endpoint, in: $0) }
        if sending == .unsendable { endpoint.release(place) } else { endpoint.keep(sent, at: place) }
        return sending
    }

    /// A record without an answer: again to the same server, or to whom would be asked now.
    func repeatRecord(
        _ request: ForwardedRequest, _ submission: ProxySubmission, _ timer: RetransmissionTimer,
        at place: HomeEndpoint.Place, _ endpoint: HomeEndpoint
    ) {
        var (request, timer) = (request, timer)
        guard timer.fire(now: now, random: .random(in: -0.1...0.1)) else {
            endpoint.release(place)
            return endpoint.tally.count(.recordLost)
        }
        request.purpose = .record(submission, timer)
        if moves(request, at: place, endpoint) { return }
        if send(request, at: place, endpoint) == .sent { endpoint.tally.count(.retransmission) }
    }

    // MARK: Choosing

    func choose(for submission: ProxySubmission) -> HomeEndpoint? {
        let service: Endpoint = submission.purpose == .record ? .accounting : .authentication
        let pool = client.configuration.pools[submission.pool]
        guard let members = members[submission.pool][service] else { return nil }
        let conditions = members.map { index in index.map { endpoints[$0].condition } }
        let (key, holder) =
            submission.request.withPacket { packet in
                self.affinity(packet)
            } ?? (0, nil)
        let held = holder.flatMap { endpoint in members.firstIndex { $0 == endpoint } }
        guard let choice = HomeChoice.choose(pool.strategy, among: conditions, key: key, held: held) else { return nil }
        return members[choice].map { endpoints[$0] }
    }

    private func affinity(_ packet: PacketView) -> (key: UInt64, holder: Int?) {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        let key = HomeChoice.key(
            packet.first(.callingStationID)?.value ?? none, packet.first(.userName)?.value ?? none)
        return (key, packet.first(.state).flatMap { conversations.endpoint(of: $0.octets) })
    }

    // MARK: Writing

    private func encode(
        _ request: ForwardedRequest, for endpoint: HomeEndpoint, in envelope: ProxyRelay.Envelope
    ) -> SignedRequest? {
        switch request.purpose {
        case .login(let submission), .record(let submission, _):
            encode(submission, for: endpoint, in: envelope, serial: request.serial)
        case .probe: try? endpoint.secret.statusServer(in: envelope)
        }
    }

    private func encode(
        _ submission: ProxySubmission, for endpoint: HomeEndpoint, in envelope: ProxyRelay.Envelope, serial: UInt32
    ) -> SignedRequest? {
        let pool = client.configuration.pools[submission.pool]
        guard let origin = origins.secret(of: submission.request) else { return nil }
        let relay = ProxyRelay(origin: origin, home: endpoint.secret, filter: pool.filter)
        return submission.request.withPacket { packet in
            try? relay.forward(
                packet, in: envelope, proxyState: ProxyState(mark: client.mark, serial: serial),
                adding: additions(to: packet, pool))
        } ?? nil
    }

    /// Whose network it is, and a wish for a name that does not name the visitor.
    private func additions(to packet: PacketView, _ pool: HomePool) -> [Attribute] {
        var added: [Attribute] = []
        if let name = client.configuration.operatorName, !packet.has(.operatorName) { added.append(name.attribute) }
        if pool.requestsChargeableIdentity, packet.code == .accessRequest, !packet.has(.chargeableUserIdentity) {
            added.append(ChargeableUserIdentity.requested.attribute)
        }
        return added
    }
}
