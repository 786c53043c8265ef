internal import RADIUS

/// Requests on their way to a home server.
extension ProxyExchange {
    /// The NAS has sent a login again: so do we, to the same server, or to another if that one has come under suspicion.
    func sendAgain(_ login: ProxiedLogin) {
        guard let place = underway[login], let request = endpoints[place.endpoint].request(at: place),
            case .login(let original) = request.purpose, original.login == login
        else { return }
        let endpoint = endpoints[place.endpoint]
        if !endpoint.state.isAlive, choose(for: original)?.index != endpoint.index {
            endpoint.release(place)
            underway[login] = nil
            return forward(original)
        }
        endpoint.tally.count(.retransmission)
        endpoint.send(request, at: place)
    }

    func forward(_ submission: ProxySubmission, timer: RetransmissionTimer? = nil) {
        guard let endpoint = choose(for: submission) else { return refuse(submission) }
        guard let place = endpoint.freePlace() else {
            endpoint.tally.count(.overloaded)
            return submission.purpose == .record
                ? endpoint.tally.count(.recordLost) : drop(submission, .overloadedProxy)
        }
        serial &+= 1
        guard let signed = encode(submission, for: endpoint, identifier: place.identifier, serial: serial) else {
            return drop(submission, .malformed)
        }
        endpoint.tally.count(.request)
        let purpose: ForwardedRequest.Purpose
        if submission.purpose == .login {
            underway[submission.login] = place
            purpose = .login(submission)
        } else {
            let timer =
                timer ?? RetransmissionTimer(parameters: .init(), now: now, random: .random(in: -0.1...0.1))
            purpose = .record(submission, timer)
        }
        // A record's own timer ends it; a login ends when its NAS would be taken for starting anew.
        let expiresAt =
            submission.purpose == .login ? submission.request.receivedAt &+ Self.loginLifetime : UInt64.max
        endpoint.start(
            ForwardedRequest(
                purpose: purpose, signed: signed, serial: serial, sentAt: now, expiresAt: expiresAt), at: place)
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
        if !endpoint.state.isAlive, let choice = choose(for: submission), choice.index != endpoint.index {
            endpoint.release(place)
            return forward(submission, timer: timer)
        }
        request.purpose = .record(submission, timer)
        endpoint.update(request, at: place)
        endpoint.tally.count(.retransmission)
        endpoint.send(request, at: place)
    }

    // MARK: Choosing

    private func choose(for submission: ProxySubmission) -> HomeEndpoint? {
        let service: Endpoint = submission.purpose == .record ? .accounting : .authentication
        let pool = client.configuration.pools[submission.pool]
        guard let members = members[submission.pool][service] else { return nil }
        let conditions = members.map { index in index.map { endpoints[$0].state.condition } }
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
        _ submission: ProxySubmission, for endpoint: HomeEndpoint, identifier: UInt8, serial: UInt32
    ) -> SignedRequest? {
        let pool = client.configuration.pools[submission.pool]
        guard let origin = origins.secret(of: submission.request) else { return nil }
        let relay = ProxyRelay(origin: origin, home: endpoint.secret, filter: pool.filter)
        return submission.request.withPacket { packet in
            try? relay.forward(
                packet, in: .radius10(identifier: identifier),
                proxyState: ProxyState(mark: client.mark, serial: serial), adding: additions(to: packet, pool))
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
