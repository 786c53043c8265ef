import Foundation
import Postgres
import RADIUS
import Store
import Synchronization
import Territory
import Testing

@testable import AccessService

/// The daemon as a proxy, before home servers that do what they are told.
@Suite struct ProxyTests {
    /// Times that a test can wait for.
    static let quick: LivenessParameters = {
        var parameters = LivenessParameters()
        parameters.responseWindow = .milliseconds(300)
        parameters.zombiePeriod = .milliseconds(600)
        parameters.probeInterval = .milliseconds(100)
        parameters.reviveAfter = .milliseconds(500)
        return parameters
    }()

    static func server(_ name: String, _ port: UInt16, accounting: UInt16? = nil) -> HomeServer {
        HomeServer(
            name: name, address: "127.0.0.1", authenticationPort: port, accountingPort: accounting ?? port,
            secret: Secret(text: ScriptedHome.secret), requiresMessageAuthenticator: false)
    }

    static func proxy(
        _ servers: [HomeServer], strategy: HomePool.Strategy = .failOver, filter: AttributeFilter = .everything,
        liveness: LivenessParameters = quick
    ) -> ProxyConfiguration {
        ProxyConfiguration(
            servers: servers,
            pools: [HomePool(name: "home", strategy: strategy, servers: servers.map(\.name), filter: filter)],
            realms: [
                RealmRule("college.example", .pool("home")), RealmRule("*.college.example", .pool("home")),
                RealmRule("nowhere.example", .reject), RealmRule("ours.example", .local),
            ], operatorName: OperatorName(.realm, "socle.example"), liveness: liveness)
    }

    private func with(
        _ proxy: ProxyConfiguration, _ body: (Deployment) async throws -> Void
    ) async throws {
        try await Deployment.with(configure: { $0.proxy = proxy }, body)
    }

    @Test func `a login goes to its home and the answer comes back, another name stays here`() async throws {
        let home = try ScriptedHome(ScriptedHome.accepting("home"))
        try await with(Self.proxy([Self.server("a", home.port)], liveness: LivenessParameters())) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let states = [Attribute(.proxyState, [1]), Attribute(.proxyState, [2])]
            let reply = try #require(
                await gateway.login("Bob@College.Example", "s3cret", attributes: [states[0], states[1]]))
            #expect(reply.code == .accessAccept && reply.first(.replyMessage)?.text == "home")
            #expect(reply.attributes.first?.type == .messageAuthenticator)
            #expect(reply.all(.proxyState) == states)
            let request = try #require(home.requests.first)
            let secret = try SharedSecret(Array(ScriptedHome.secret.utf8))
            try request.withPacketView { view throws(RADIUSError) in
                #expect(try secret.verify(request: view) == .messageAuthenticator)
                #expect(try secret.credentials(of: view) == .password(Array("s3cret".utf8)))
                #expect(view.attributes.first { _ in true }?.type == .messageAuthenticator)
                #expect(OperatorName(view) == OperatorName(.realm, "socle.example"))
                #expect(ChargeableUserIdentity(view) == .requested)
                #expect(view.proxyStates.count == 3)
            }
            for name in ["bob@nowhere.example", "bob@ours.example", "bob", "bob@college.example."] {
                #expect(try await gateway.login(name, "s3cret")?.code == .accessReject)
            }
            // A gateway that waits too long sends again, and so do we: the same octets.
            #expect(Set(home.requests.filter { $0.first == PacketCode.accessRequest.rawValue }).count == 1)
            await home.stop()
        }
    }

    @Test func `at the border VLANs stay outside`() async throws {
        let home = try ScriptedHome { request, _ in
            [
                try ScriptedHome.reply(
                    .accessAccept, to: request,
                    attributes: [
                        Attribute(.tunnelPrivateGroupID, text: "666"), Attribute(.sessionTimeout, uint32: 60),
                        Attribute(vendor: 9, type: 1, Array("shell:priv-lvl=15".utf8)),
                    ])
            ]
        }
        try await with(Self.proxy([Self.server("a", home.port)], filter: .federation)) { deployment in
            let reply = try #require(
                await Gateway(deployment.authenticationPort).login("bob@college.example", "s3cret"))
            #expect(reply.attributes.map(\.type) == [.messageAuthenticator, .sessionTimeout])
            let packet = try Packet(try #require(home.requests.first))
            // PAP does not cross a federation's border: EAP does.
            #expect(packet.first(.userPassword) == nil && packet.first(.operatorName) != nil)
            await home.stop()
        }
    }

    @Test func `a reply signed with another secret is ignored and the true one that follows is taken`() async throws {
        let home = try ScriptedHome { request, _ in
            var wrongAuthenticator = try ScriptedHome.reply(.accessAccept, to: request)
            wrongAuthenticator[4] ^= 1
            return [
                try ScriptedHome.reply(.accessReject, to: request, secret: "another"), wrongAuthenticator, [2, 0],
                try ScriptedHome.reply(.accessAccept, to: request),
                try ScriptedHome.reply(.accessReject, to: request),
            ]
        }
        try await with(Self.proxy([Self.server("a", home.port)])) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login("bob@college.example", "x")?.code == .accessAccept)
            #expect(await gateway.receive(0.3) == nil)
            await home.stop()
        }
    }

    @Test func `a home server that only answers wrongly signed is as good as dead`() async throws {
        let home = try ScriptedHome { request, _ in
            [try ScriptedHome.reply(.accessAccept, to: request, secret: "another")]
        }
        try await with(Self.proxy([Self.server("a", home.port)])) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let request = try secret.accessRequest(identifier: 1, userName: "bob@college.example", password: [1])
            gateway.send(request.bytes)
            #expect(await gateway.receive(1) == nil)
            // Dead by now: refused at once, so that the NAS does not take us for dead.
            try await eventually {
                try await gateway.login("eve@college.example", "x", identifier: 2)?.code == .accessReject
            }
            #expect(home.count(.statusServer) > 1)
            await home.stop()
        }
    }

    @Test func `Message-Authenticator is insisted on where it is asked for (CVE-2024-3596)`() async throws {
        let home = try ScriptedHome { request, number in
            let bare = try Packet(request)
            guard bare.code == .accessRequest else { return [try ScriptedHome.reply(.accessAccept, to: request)] }
            // An Accounting-Request's reply has none: what is written as such and signed as an Accept has none either.
            let stripped = try Packet(
                .accountingRequest, identifier: bare.identifier, authenticator: bare.authenticator
            ).encoded()
            let unsigned = try ScriptedHome.reply(.accessAccept, to: stripped)
            return number == 0 ? [unsigned] : [unsigned, try ScriptedHome.reply(.accessReject, to: request)]
        }
        var server = Self.server("a", home.port)
        server.requiresMessageAuthenticator = true
        try await with(Self.proxy([server])) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login("bob@college.example", "x")?.code == .accessReject)
            await home.stop()
        }
    }

    @Test func `only the NAS retransmits a login, and its octets are the same (RFC 5080 §2.2.1)`() async throws {
        let home = try ScriptedHome { request, number in
            number < 2 ? [] : [try ScriptedHome.reply(.accessAccept, to: request)]
        }
        var server = Self.server("a", home.port)
        server.answersStatus = false
        var proxy = Self.proxy([server])
        proxy.liveness = LivenessParameters()
        try await with(proxy) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let request = try secret.accessRequest(identifier: 1, userName: "bob@college.example", password: [1])
            for count in 1...3 {
                gateway.send(request.bytes)
                try await eventually { home.requests.count == count }
            }
            let reply = try #require(await gateway.receive())
            #expect(try secret.reply(in: reply, to: request.sent).code == .accessAccept)
            #expect(Set(home.requests).count == 1 && home.requests.count == 3)
            await home.stop()
        }
    }

    @Test func `a NAS that is read again while its request waits gets its answer`() async throws {
        let isRead = DispatchSemaphore(value: 0)
        let home = try ScriptedHome { request, _ in
            isRead.wait()
            return [try ScriptedHome.reply(.accessAccept, to: request)]
        }
        try await with(Self.proxy([Self.server("a", home.port)], liveness: LivenessParameters())) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            let secret = try SharedSecret(gateway.secretOctets)
            let request = try secret.accessRequest(identifier: 1, userName: "bob@college.example", password: [1])
            gateway.send(request.bytes)
            _ = try await Sites(deployment.ground.owner, keys: deployment.ground.keys).close(deployment.ground.site)
            // Over the same socket, so that it is the same packet thread that has read it.
            try await eventually {
                try await gateway.login(code, code, identifier: 2)?.code == .accessReject
            }
            isRead.signal()
            let reply = try #require(await gateway.receive())
            #expect(try secret.reply(in: reply, to: request.sent).code == .accessAccept)
            await home.stop()
        }
    }

    @Test func `a request that has passed here, or too many proxies, is refused`() async throws {
        let home = try ScriptedHome(ScriptedHome.accepting("home"))
        try await with(Self.proxy([Self.server("a", home.port)])) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login("bob@college.example", "x")?.code == .accessAccept)
            let sent = try Packet(try #require(home.requests.first))
            let ours = try #require(sent.first(.proxyState))
            let name = try #require(OperatorName(.realm, "other.example")).attribute
            for circle in [[ours], [name, name], [Attribute](repeating: Attribute(.proxyState, [7]), count: 11)] {
                #expect(
                    try await gateway.login("bob@college.example", "x", attributes: circle)?.code == .accessReject)
            }
            #expect(home.count(.accessRequest) == 1)
            let path = [name] + [Attribute](repeating: Attribute(.proxyState, [7]), count: 10)
            #expect(try await gateway.login("bob@college.example", "x", attributes: path)?.code == .accessAccept)
            await home.stop()
        }
    }

    @Test func `the next step of a conversation goes to the server that gave out its State`() async throws {
        let script: @Sendable (UInt8) -> ScriptedHome.Script = { number in
            { request, _ in
                let packet = try Packet(request)
                if packet.first(.state) != nil {
                    let isOwn = packet.first(.state)?.value == [number]
                    return [try ScriptedHome.reply(isOwn ? .accessAccept : .accessReject, to: request)]
                }
                return [
                    try ScriptedHome.reply(.accessChallenge, to: request, attributes: [Attribute(.state, [number])])
                ]
            }
        }
        let (first, second) = (try ScriptedHome(script(1)), try ScriptedHome(script(2)))
        let servers = [Self.server("a", first.port), Self.server("b", second.port)]
        try await with(Self.proxy(servers, strategy: .loadBalance)) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            for device in 0..<16 {
                let station = { (step: Int) in Attribute(.callingStationID, text: "device-\(device)-\(step)") }
                let challenge = try #require(
                    await gateway.login("bob@college.example", "x", attributes: [station(0)]))
                let state = try #require(challenge.first(.state))
                // Another Calling-Station-Id would draw another server: the State wins.
                let end = try await gateway.login("bob@college.example", "x", attributes: [station(1), state])
                #expect(end?.code == .accessAccept)
            }
            #expect(first.count(.accessRequest) > 0 && second.count(.accessRequest) > 0)
            await first.stop()
            await second.stop()
        }
    }

    @Test func `a record is stored here, answered, and sent on until it is answered there`() async throws {
        let home = try ScriptedHome { request, number in
            number == 0 ? [] : [try ScriptedHome.reply(.accountingResponse, to: request)]
        }
        var server = Self.server("a", home.port)
        server.answersStatus = false
        var proxy = Self.proxy([server])
        proxy.liveness = LivenessParameters()
        try await with(proxy) { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            #expect(try await gateway.account(.start, "s1", name: "bob@college.example")?.code == .accountingResponse)
            #expect(try await deployment.ground.count("SELECT count(*) FROM access.live_session") == 1)
            try await eventually { home.count(.accountingRequest) == 2 }
            #expect(home.requests[0] == home.requests[1])
            let packet = try Packet(home.requests[0])
            #expect(packet.first(.acctSessionID)?.text == "s1" && packet.first(.operatorName) != nil)
            await home.stop()
        }
    }
}
