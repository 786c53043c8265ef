import RADIUS
import Testing

/// Requests on to the home server and replies back (RFC 2865 §2.3).
@Suite struct ProxyRelayTests {
    private let origin: SharedSecret
    private let home: SharedSecret
    private let relay: ProxyRelay
    private let state = ProxyState(mark: 0x50_1e, serial: 7)

    init() throws {
        origin = try SharedSecret(Array("between NAS and us".utf8))
        home = try SharedSecret(Array("between us and home".utf8))
        relay = ProxyRelay(origin: origin, home: home)
    }

    private func forward(
        _ request: [UInt8], relay: ProxyRelay? = nil, version: ProtocolVersion = .radius10,
        in envelope: ProxyRelay.Envelope = .radius10(identifier: 200), adding: [Attribute] = []
    ) throws(RADIUSError) -> SignedRequest {
        let relay = relay ?? self.relay
        return try request.withPacketView(version: version) { view throws(RADIUSError) in
            try relay.forward(view, in: envelope, proxyState: state, adding: adding)
        }
    }

    private func answer(
        _ request: [UInt8], _ reply: [UInt8], to sent: SentRequest, relay: ProxyRelay? = nil,
        versions: (origin: ProtocolVersion, home: ProtocolVersion) = (.radius10, .radius10)
    ) throws(RADIUSError) -> [UInt8] {
        let relay = relay ?? self.relay
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try request.withPacketView(version: versions.origin) { request throws(RADIUSError) in
            try reply.withPacketView(version: versions.home) { reply throws(RADIUSError) in
                try home.verify(reply: reply, to: sent, requireMessageAuthenticator: false)
                return try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
                    try relay.answer(
                        request, with: reply, to: sent, proxyState: state, into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
        }
        return Array(octets[..<length])
    }

    @Test func `the password is hidden anew, Message-Authenticator is first and Proxy-States stay in order`() throws {
        let states = [Attribute(.proxyState, [1]), Attribute(.proxyState, [2])]
        let request = try origin.accessRequest(
            identifier: 1, userName: "bob@example.org", password: Array("s3cret".utf8),
            attributes: [states[0], Attribute(.nasPort, uint32: 3), states[1]])
        let name = try #require(OperatorName(.realm, "example.net")).attribute
        let forwarded = try forward(request.bytes, adding: [name, ChargeableUserIdentity.requested.attribute])
        let packet = try Packet(forwarded.bytes)
        #expect(
            packet.attributes.map(\.type) == [
                .messageAuthenticator, .userName, .userPassword, .nasPort, .operatorName, .chargeableUserIdentity,
                .proxyState, .proxyState, .proxyState,
            ])
        #expect(packet.all(.proxyState).map(\.value) == [[1], [2], state.octets])
        #expect(packet.identifier == 200 && packet.authenticator != request.sent.authenticator)
        try forwarded.bytes.withPacketView { view throws(RADIUSError) in
            #expect(try home.verify(request: view) == .messageAuthenticator)
            #expect(try home.credentials(of: view) == .password(Array("s3cret".utf8)))
            #expect(view.hasPassed(mark: 0x50_1e) && !view.hasPassed(mark: 0x50_1f))
        }
    }

    @Test(arguments: ProtocolVersion.allCases, ProtocolVersion.allCases)
    func `keys and passwords reach the NAS whatever the version of each side`(
        near: ProtocolVersion, far: ProtocolVersion
    ) throws {
        let request =
            near == .radius10
            ? try origin.accessRequest(identifier: 1, userName: "bob", password: [1, 2, 3])
            : try SignedRequest(.accessRequest, token: 5, attributes: [Attribute(.userPassword, [1, 2, 3])])
        let forwarded = try forward(
            request.bytes, version: near, in: far == .radius10 ? .radius10(identifier: 9) : .radius11(token: 77))
        try forwarded.bytes.withPacketView(version: far) { view throws(RADIUSError) in
            try home.verify(request: view)
            #expect(try home.credentials(of: view) == .password([1, 2, 3]))
        }
        let keys = MPPEKeyPair(send: [1, 2], receive: [UInt8](repeating: 9, count: 32))
        let password = TunnelPassword(Array("geheim".utf8), tag: 1)
        let reply = try PacketBuffer.reply(.accessAccept, to: forwarded.bytes, secret: home, version: far) {
            $0.append(keys, secret: home)
            $0.append(password, secret: home)
            $0.append(vendor: 14823, type: 44, salted: [6], secret: home)
            $0.append(.sessionTimeout, uint32: 60)
        }
        let answered = try answer(request.bytes, reply, to: forwarded.sent, versions: (near, far))
        _ = try origin.reply(
            in: answered, to: request.sent, requireMessageAuthenticator: true, version: near)
        try answered.withPacketView(version: near) { view throws(RADIUSError) in
            let authenticator = request.sent.authenticator
            #expect(try MPPEKeyPair(view, secret: origin, authenticator: authenticator) == keys)
            guard let tunnel = view.first(.tunnelPassword), let aruba = view.first(vendor: 14823, type: 44) else {
                throw RADIUSError(.unknownAttribute)
            }
            #expect(
                try TunnelPassword(tunnel, in: view, secret: origin, authenticator: authenticator) == password)
            #expect(try view.revealed(aruba.value, secret: origin, authenticator: authenticator) == [6])
            #expect(view.first(.sessionTimeout)?.uint32 == 60 && !view.has(.proxyState))
        }
    }

    @Test func `a CHAP response gets its challenge beside it (RFC 2865 §2.2)`() throws {
        let authenticator = Authenticator.random()
        let chap = CHAPResponse(identifier: 4, password: [7], challenge: authenticator.bytes)
        let request = try origin.accessRequest(
            identifier: 1, authenticator: authenticator, userName: "bob", chap: chap)
        for envelope in [ProxyRelay.Envelope.radius10(identifier: 1), .radius11(token: 1)] {
            let forwarded = try forward(request.bytes, in: envelope)
            let version: ProtocolVersion = if case .radius11 = envelope { .radius11 } else { .radius10 }
            try forwarded.bytes.withPacketView(version: version) { view throws(RADIUSError) in
                #expect(try home.credentials(of: view) == .chap(chap))
            }
        }
    }

    @Test func `MS-CHAP-MPPE-Keys keep the NULs at their end`() throws {
        let request = try origin.accessRequest(identifier: 1, attributes: [])
        let forwarded = try forward(request.bytes)
        let plain = [UInt8](repeating: 5, count: 8) + [UInt8](repeating: 0, count: 24)
        let hidden = try home.hide(plain, authenticator: forwarded.sent.authenticator)
        let reply = try PacketBuffer.reply(.accessAccept, to: forwarded.bytes, secret: home) {
            $0.append(.msCHAPMPPEKeys, hidden)
        }
        let answered = try Packet(try answer(request.bytes, reply, to: forwarded.sent))
        let value = try #require(answered.first(.vendorSpecific)).value.dropFirst(6)
        #expect(Array(value) == (try origin.hide(plain, authenticator: request.sent.authenticator)))
    }

    @Test func `an accounting request is signed as it came, a status query goes no further`() throws {
        for signed in [true, false] {
            let request = try origin.accountingRequest(
                identifier: 1, attributes: [Attribute(.acctStatusType, uint32: 1)], messageAuthenticator: signed)
            let forwarded = try forward(request.bytes)
            #expect((try Packet(forwarded.bytes).first(.messageAuthenticator) != nil) == signed)
            let reply = try PacketBuffer.reply(.accountingResponse, to: forwarded.bytes, secret: home)
            let answered = try answer(request.bytes, reply, to: forwarded.sent)
            #expect(try origin.reply(in: answered, to: request.sent).code == .accountingResponse)
        }
        let status = try origin.statusServer(identifier: 1)
        #expect(throws: RADIUSError(.unexpectedCode)) { try forward(status.bytes) }
        let accept = Packet(.accessAccept, identifier: 1)
        #expect(throws: RADIUSError(.unexpectedCode)) { try forward(accept.encoded()) }
    }

    @Test func `a reply with another's Proxy-State last, or a Protocol-Error, is not passed on`() throws {
        let request = try origin.accessRequest(identifier: 1, attributes: [Attribute(.proxyState, [1])])
        let forwarded = try forward(request.bytes)
        let code: (PacketCode, [Attribute]) throws -> [UInt8] = { code, attributes in
            let bare = Packet(
                .accessRequest, identifier: 200, authenticator: forwarded.sent.authenticator, attributes: attributes)
            return try PacketBuffer.reply(code, to: bare.encoded(), secret: home)
        }
        let wrong = try code(.accessAccept, [Attribute(.proxyState, [1])])
        #expect(throws: RADIUSError(.proxyStateMismatch)) {
            try answer(request.bytes, wrong, to: forwarded.sent)
        }
        let none = try answer(request.bytes, try code(.accessAccept, []), to: forwarded.sent)
        #expect(try Packet(none).all(.proxyState).map(\.value) == [[1]])
        let error = try code(.protocolError, [])
        #expect(throws: RADIUSError(.unexpectedCode)) { try answer(request.bytes, error, to: forwarded.sent) }
    }

    @Test func `a key that cannot be revealed spoils the reply`() throws {
        let request = try origin.accessRequest(identifier: 1, attributes: [])
        let forwarded = try forward(request.bytes)
        let reply = try PacketBuffer.reply(.accessAccept, to: forwarded.bytes, secret: home) {
            $0.append(.mppeSendKey, [1, 2, 3])
        }
        #expect(throws: RADIUSError(.saltedValueLength)) { try answer(request.bytes, reply, to: forwarded.sent) }
    }

    @Test func `at the federation's border VLANs and vendors' attributes stay, keys pass`() throws {
        let border = ProxyRelay(origin: origin, home: home, filter: .federation)
        let request = try origin.accessRequest(
            identifier: 1,
            attributes: [
                Attribute(.userName, text: "a@b.c"), Attribute(vendor: 14988, type: 5, [1]), Attribute(.filterID, [1]),
            ] + Attribute.eapMessage([UInt8](repeating: 1, count: 600)))
        let forwarded = try forward(request.bytes, relay: border)
        let packet = try Packet(forwarded.bytes)
        #expect(packet.first(.vendorSpecific) == nil && packet.first(.filterID) == nil)
        #expect(packet.all(.eapMessage).count == 3 && packet.first(.userName) != nil)
        let reply = try PacketBuffer.reply(.accessAccept, to: forwarded.bytes, secret: home) {
            $0.append(TunnelVLAN("666"))
            $0.append(vendor: 9, type: 1, Array("shell:priv-lvl=15".utf8))
            $0.append(MPPEKeyPair(send: [1], receive: [2]), secret: home)
            $0.append(.msCHAPDomain, [1])
            $0.append(ExtendedAttribute(.operatorNASIdentifier, [1]))
            $0.append(.sessionTimeout, uint32: 60)
        }
        let answered = try Packet(try answer(request.bytes, reply, to: forwarded.sent, relay: border))
        #expect(
            answered.attributes.map(\.type) == [
                .messageAuthenticator, .vendorSpecific, .vendorSpecific, .sessionTimeout,
            ])
    }
}
