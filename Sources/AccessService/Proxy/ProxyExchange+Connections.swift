internal import Logging
internal import RADIUS

/// What connections to home servers tell of.
extension ProxyExchange {
    /// A connection has been made, or there is none.
    func note(_ event: RadSecClientConnection.Event, of server: String) {
        let ends = endpoints.filter { $0.server.name == server }
        switch event {
        case .up(let version):
            toldReasons[server] = nil
            client.logger.notice(
                "connected to a home server", metadata: ["home": "\(server)", "protocol": "\(version.rawValue)"])
            for endpoint in ends {
                noting(endpoint) { $0.connected(now: now) }
                sendWaiting(endpoint)
            }
        case .down(let reason):
            for endpoint in ends { noting(endpoint) { $0.refused(now: now) } }
            tell(reason, server)
        // Commands to sessions of our gateways are taken from trusted systems alone.
        case .request: ends.first?.tally.count(.unexpected)
        }
    }

    /// Once for each reason: a server that is away is tried again for ever.
    private func tell(_ reason: String, _ server: String) {
        // The end of a connection is told of after its reason.
        if reason == RadSecClientConnection.ended, toldReasons[server] != nil { return }
        guard toldReasons.updateValue(reason, forKey: server) != reason else { return }
        client.logger.warning("no connection to a home server", metadata: ["home": "\(server)", "reason": "\(reason)"])
    }

    /// What waited for a connection goes out: what is new, and what was under way when the last one ended.
    private func sendWaiting(_ endpoint: HomeEndpoint) {
        for place in endpoint.places {
            guard let request = endpoint.request(at: place) else { continue }
            guard send(request, at: place, endpoint) == .sent else { continue }
            if case .probe = request.purpose {
                endpoint.tally.count(.probe)
            } else {
                endpoint.tally.count(request.transmission == nil ? .request : .retransmission)
            }
        }
    }

    /// What came of a transmission over a connection.
    func receive(_ reply: StreamReply, of number: UInt64, at place: HomeEndpoint.Place) {
        guard endpoints.indices.contains(place.endpoint) else { return }
        let endpoint = endpoints[place.endpoint]
        guard var request = endpoint.request(at: place), let transmission = request.transmission,
            transmission.number == number, transmission.isUnderway
        else {
            if case .packet = reply { endpoint.tally.count(.lateReply) }
            return
        }
        request.transmission?.isUnderway = false
        endpoint.keep(request, at: place)
        switch reply {
        case .packet(let octets):
            let isAuthentic = octets.withUnsafeBytes { bytes in
                (try? PacketView(bytes, version: transmission.version)).map {
                    accept($0, to: request, transmission, at: place, endpoint)
                }
            }
            guard isAuthentic != true else { return }
            // RFC 6613 §2.6.4: whoever signs wrongly does not hold what we hold, and says nothing worth reading.
            if isAuthentic == nil { endpoint.tally.count(.badReply) }
            noting(endpoint) { $0.refused(now: now) }
            endpoint.transport.reconnect(.badAuthenticator)
        // The request waits for another connection, unless another server is there.
        case .disconnected:
            noting(endpoint) { $0.refused(now: now) }
            _ = moves(request, at: place, endpoint)
        // Its age decides.
        case .timeout, .notSent: break
        }
    }

    /// A connection over which no service of a dead server answers is of no use: TCP may hold it for a quarter of an hour.
    func giveUpConnection(of endpoint: HomeEndpoint) {
        let others = endpoints.filter { $0.server.name == endpoint.server.name }
        if others.allSatisfy({ !$0.state.isAlive }) { endpoint.transport.reconnect(.idle) }
    }
}
