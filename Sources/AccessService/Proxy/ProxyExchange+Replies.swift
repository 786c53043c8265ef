internal import RADIUS

/// Replies of home servers, and the answers made of them.
extension ProxyExchange {
    /// Takes one datagram from a home server. What is not authentic is counted and ignored: the true reply may follow.
    func receive(_ datagram: UnsafeRawBufferPointer, _ endpoint: HomeEndpoint, lane: Int) {
        guard let reply = try? PacketView(datagram) else { return endpoint.tally.count(.badReply) }
        let place = HomeEndpoint.Place(endpoint: endpoint.index, lane: lane, identifier: reply.identifier)
        guard let request = endpoint.request(at: place), let transmission = request.transmission else {
            return endpoint.tally.count(.lateReply)
        }
        _ = accept(reply, to: request, transmission, at: place, endpoint)
    }

    /// Takes what may be the reply to a request; false: it is not authentic, which has been counted.
    func accept(
        _ reply: PacketView, to request: ForwardedRequest, _ transmission: ForwardedRequest.Transmission,
        at place: HomeEndpoint.Place, _ endpoint: HomeEndpoint
    ) -> Bool {
        let mustBeSigned =
            endpoint.service == .authentication && endpoint.server.requiresMessageAuthenticator || reply.lacksEAPProof
        do {
            try endpoint.secret.verify(
                reply: reply, to: transmission.signed.sent, requireMessageAuthenticator: mustBeSigned)
        } catch {
            endpoint.tally.count(.badReply)
            return false
        }
        endpoint.release(place)
        switch request.purpose {
        case .probe:
            endpoint.tally.count(.probeReply)
            noting(endpoint) { $0.probeAnswered(now: now) }
        case .record:
            // A Protocol-Error (RFC 7930 §4) says that nobody took it.
            endpoint.tally.count(reply.code == .protocolError ? .recordLost : .accountingResponse)
            noteAnswer(to: request, endpoint)
        case .login(let submission):
            noteAnswer(to: request, endpoint)
            answer(submission, with: reply, to: transmission, serial: request.serial, endpoint)
        }
        return true
    }

    private func noteAnswer(to request: ForwardedRequest, _ endpoint: HomeEndpoint) {
        endpoint.tally.latency(nanoseconds: now &- request.sentAt)
        noting(endpoint) { $0.answered(now: now) }
    }

    private func answer(
        _ submission: ProxySubmission, with reply: PacketView, to transmission: ForwardedRequest.Transmission,
        serial: UInt32, _ endpoint: HomeEndpoint
    ) {
        let state = ProxyState(mark: client.mark, serial: serial)
        guard let attributes = attributes(submission, reply, transmission.signed.sent, state, endpoint) else {
            endpoint.tally.count(.badReply)
            return drop(submission, .homeSilent)
        }
        let kind: TallyKind
        switch reply.code {
        case .accessAccept:
            endpoint.tally.count(.accept)
            kind = .acceptFromHome
        case .accessChallenge:
            endpoint.tally.count(.challenge)
            kind = .challengeFromHome
            if let state = reply.first(.state)?.octets {
                conversations.remember(state, endpoint: endpoint.index)
            }
        default:
            endpoint.tally.count(.reject)
            kind = .rejectFromHome
        }
        post(submission, DeferredAnswer(code: reply.code, attributes: attributes, kind: kind, isSilent: false))
    }

    /// What of a reply passes the border, hidden for the NAS; nil: the reply cannot be passed on.
    private func attributes(
        _ submission: ProxySubmission, _ reply: PacketView, _ sent: SentRequest, _ state: ProxyState,
        _ endpoint: HomeEndpoint
    ) -> [UInt8]? {
        guard let origin = origins.secret(of: submission.request) else { return nil }
        let filter = client.configuration.pools[submission.pool].filter
        let relay = ProxyRelay(origin: origin, home: endpoint.secret, filter: filter)
        return submission.request.withPacket { packet in
            try? relay.attributes(of: reply, for: packet, sent: sent, proxyState: state)
        } ?? nil
    }

    /// Nobody can be asked. A login is refused at once: silence would make the NAS give up on us, and with us on everybody
    /// whose home is here. A record stays here.
    func refuse(_ submission: ProxySubmission) {
        guard submission.purpose == .login else {
            let first = members[submission.pool][.accounting]?.compactMap(\.self).first
            if let first { endpoints[first].tally.count(.recordLost) }
            return
        }
        let attributes =
            submission.request.withPacket { packet -> [UInt8] in
                guard let message = packet.first(.eapMessage)?.value else { return [] }
                // RFC 3579 §2.6.3: a Reject carries EAP-Failure.
                return [AttributeType.eapMessage.rawValue, 6, 4, message.count > 1 ? message[1] : 0, 0, 4]
            } ?? []
        post(
            submission,
            DeferredAnswer(code: .accessReject, attributes: attributes, kind: .homeUnavailable, isSilent: false))
    }

    /// No answer; the NAS sends again.
    func drop(_ submission: ProxySubmission, _ kind: TallyKind) {
        guard submission.purpose == .login else { return }
        post(submission, DeferredAnswer(code: .accessReject, attributes: [], kind: kind, isSilent: true))
    }

    private func post(_ submission: ProxySubmission, _ answer: DeferredAnswer) {
        underway[submission.login] = nil
        client.mailboxes.post(.answered(submission.request, answer), to: submission.thread)
    }
}
