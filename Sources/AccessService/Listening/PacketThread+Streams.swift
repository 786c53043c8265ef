internal import RADIUS

extension PacketThread {
    /// Serves packets of connections, as those of datagrams: both ports' requests come over one (RFC 6614 §2.5).
    func handle(_ packets: [StreamPacket]) {
        // Told to stop: the peer sees its connection end and asks elsewhere.
        guard !isDraining else { return }
        accounting.beginBatch()
        for packet in packets {
            packet.bytes.withUnsafeBytes { handle($0, packet.exchange) }
        }
        accounting.endBatch(on: self)
    }

    private func handle(_ bytes: UnsafeRawBufferPointer, _ exchange: StreamExchange) {
        let connection = exchange.connection
        guard let gateway = gateways.find(certificate: connection.certificateName) else {
            return connection.end(.unknownCertificate)
        }
        do throws(RADIUSError) {
            try admit(try PacketView(bytes, version: connection.version), exchange, gateway)
        } catch {
            gateway.tally.count(Self.tallyKind(of: error.code))
            switch error.code {
            // RFC 6613 §2.6.4: what is no request of ours to answer is ignored, all else ends the connection.
            case .unexpectedCode, .messageAuthenticatorMissing: break
            case .messageAuthenticatorInvalid, .requestAuthenticatorInvalid: connection.end(.badAuthenticator)
            default: connection.end(.malformedPacket)
            }
        }
    }

    /// The policy against forged replies (BlastRADIUS) is for datagrams: here TLS protects them.
    private func admit(
        _ packet: PacketView, _ exchange: StreamExchange, _ gateway: GatewayState
    ) throws(RADIUSError) {
        switch packet.code {
        case .accessRequest, .accountingRequest, .statusServer: break
        default: return gateway.tally.count(.unexpectedCode)
        }
        try gateway.streamSecret.verify(request: packet)
        let connection = exchange.connection
        let key = DuplicateKey(connection: connection.number, packet: packet)
        let authenticator = packet.authenticator.words
        switch duplicates.look(up: key, authenticator, now: now) {
        case .inProgress: return gateway.tally.count(.duplicateInProgress)
        case .answered(let reply):
            gateway.tally.count(.duplicateAnswered)
            return connection.send(Array(reply))
        case .fresh: break
        }
        let ticket = duplicates.begin(key, authenticator, now: now)
        dispatch(
            Request(packet: packet, origin: .stream(exchange), gateway: gateway, ticket: ticket, receivedAt: now))
    }
}

extension DuplicateKey {
    /// A request of a connection. No datagram comes from the multicast addresses that these keys look like. In RADIUS/1.1
    /// all identifiers are 0, and tokens tell the requests apart.
    init(connection: UInt32, packet: PacketView) {
        var peer = PeerAddress()
        peer.high = 0xffff_ffff_0000_0000 | UInt64(connection)
        if packet.version == .radius11 { peer.low = UInt64(packet.token) }
        self.init(peer: peer, socket: 0, code: packet.code.rawValue, identifier: packet.identifier)
    }
}
