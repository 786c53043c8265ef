import Foundation
import Glibc
import OpenSSL
import Postgres
import RADIUS
import Store
import Synchronization
import Territory
import Testing

@testable import AccessService

/// Home servers over TLS (RFC 6614), before programs nobody here wrote and a second daemon of ours.
@Suite(.serialized) struct RadSecHomeTests {
    static let user = "bob@college.example"

    /// A home server over TLS whose certificate names `radius.example.fr`.
    static func server(_ name: String, _ ground: RadSecGround, _ port: UInt16) -> HomeServer {
        var tls = HomeServerTLS(port: port, files: ground.files("nas"))
        tls.serverName = "radius.example.fr"
        return HomeServer(name: name, address: "127.0.0.1", tls: tls)
    }

    /// The daemon with these home servers, which are connected to again at once.
    static func proxying(
        _ servers: [HomeServer], filter: AttributeFilter = .everything, liveness: LivenessParameters = ProxyTests.quick,
        limits: RadSecLimits = RadSecLimits(), _ body: (Deployment) async throws -> Void
    ) async throws {
        var proxy = ProxyTests.proxy(servers, filter: filter, liveness: liveness)
        proxy.connectionBackoff = (.milliseconds(50), .milliseconds(200))
        proxy.connectionLimits = limits
        try await Deployment.with(configure: { $0.proxy = proxy }, body)
    }

    @Test(arguments: [false, true])
    func `PAP, CHAP, a wrong password and accounting, at a second daemon of ours, in either version`(version11: Bool)
        async throws
    {
        try await RadSecGround.with { ground in
            try await ground.serve { home, port in
                _ = try await Accounts(home.ground.owner).create(
                    login: Self.user, passwordHash: Secret(text: AccountLoginTests.yescrypt("s3cret")),
                    of: home.ground.organisation)
                var server = Self.server("college", ground, port)
                server.tls?.offersVersion11 = version11
                try await Self.proxying([server], liveness: LivenessParameters()) { deployment in
                    let gateway = try Gateway(deployment.authenticationPort)
                    let states = [Attribute(.proxyState, [1]), Attribute(.proxyState, [2])]
                    let accept = try #require(await gateway.login(Self.user, "s3cret", attributes: states))
                    #expect(accept.code == .accessAccept && accept.first(.classValue) != nil)
                    #expect(accept.attributes.first?.type == .messageAuthenticator)
                    #expect(accept.all(.proxyState) == states)
                    // Asked for by our proxy, made by the home.
                    #expect(accept.first(.chargeableUserIdentity)?.value.count == 32)
                    #expect(try await gateway.login(Self.user, "wrong")?.code == .accessReject)
                    let accounting = try Gateway(deployment.accountingPort)
                    #expect(try await accounting.account(.start, "s1", name: Self.user)?.code == .accountingResponse)
                    try await eventually {
                        try await home.ground.count("SELECT count(*) FROM access.live_session") == 1
                    }
                }
            }
        }
    }

    @Test func `EAP through radsecproxy to FreeRADIUS, with keys that agree`() async throws {
        let files = try EAPFiles()
        let users = "\(Self.user) Cleartext-Password := \"s3cret\"\n"
        let home = try FreeRADIUS(FreeRADIUS.eapHome(users, files))
        try await home.start()
        try await RadSecGround.with { ground in
            try await RadsecproxyTests.outward(
                ground, to: home.port, accounting: home.accountingPort, secret: FreeRADIUS.secret
            ) { port in
                let server = Self.server("federation", ground, port)
                try await Self.proxying([server], filter: .federation, liveness: LivenessParameters()) { deployment in
                    let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                    for lines in [Supplicant.ttls("PAP", Self.user, "s3cret"), Supplicant.peap(Self.user, "s3cret")] {
                        let outside = lines.map {
                            $0.replacingOccurrences(of: "anonymous@trou.example", with: "@college.example")
                        }
                        let outcome = try await supplicant.run(outside, .v12)
                        #expect(
                            outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))\n\(home.text)")
                        let wrong = outside.map { $0.replacingOccurrences(of: "s3cret", with: "wrong") }
                        #expect(try await supplicant.run(wrong, .v12).isRefused)
                    }
                    #expect(home.text.contains("Operator-Name = \"1socle.example\""))
                    let accounting = try Gateway(deployment.accountingPort)
                    #expect(try await accounting.account(.start, "s1", name: Self.user)?.code == .accountingResponse)
                    try await eventually { home.text.contains("Acct-Session-Id = \"s1\"") }
                }
            }
        }
        home.stop()
    }

    @Test func `fails over from TLS to UDP at once when the connection ends, and back when it is there again`()
        async throws
    {
        try await RadSecGround.with { ground in
            let script = ScriptedHome.accepting("tls", secret: "radsec")
            let first = try ScriptedTLSHome(ground, script)
            let second = try ScriptedHome(ScriptedHome.accepting("udp"))
            let servers = [Self.server("a", ground, first.port), ProxyTests.server("b", second.port)]
            try await Self.proxying(servers) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                func answering() async throws -> String? {
                    try await gateway.login(Self.user, "s3cret")?.first(.replyMessage)?.text
                }
                try await eventually { try await answering() == "tls" }
                await first.stop()
                try await eventually { try await answering() == "udp" }
                let started = ContinuousClock.now
                #expect(try await answering() == "udp")
                #expect(ContinuousClock.now - started < .milliseconds(900), "nobody waits for who is not connected")
                let again = try ScriptedTLSHome(port: first.port, ground, script)
                try await eventually { try await answering() == "tls" }
                #expect(again.count(.statusServer) > 0)
                await again.stop()
            }
            await second.stop()
        }
    }

    @Test func `fails over from UDP to TLS`() async throws {
        try await RadSecGround.with { ground in
            let silent = try ScriptedHome { _, _ in [] }
            let second = try ScriptedTLSHome(ground, ScriptedHome.accepting("tls", secret: "radsec"))
            let servers = [ProxyTests.server("a", silent.port), Self.server("b", ground, second.port)]
            try await Self.proxying(servers) { deployment in
                let reply = try await Gateway(deployment.authenticationPort).login(Self.user, "s3cret")
                #expect(reply?.first(.replyMessage)?.text == "tls")
            }
            await silent.stop()
            await second.stop()
        }
    }

    @Test func `a login and a record that come before there is a connection go out with it, once each`() async throws {
        try await RadSecGround.with { ground in
            let port = try RadsecproxyTests.freePort(Int32(SOCK_STREAM.rawValue))
            var liveness = LivenessParameters()
            liveness.probeInterval = .milliseconds(200)
            try await Self.proxying([Self.server("a", ground, port)], liveness: liveness) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                let secret = try SharedSecret(gateway.secretOctets)
                let request = try secret.accessRequest(identifier: 1, userName: Self.user, password: [1])
                gateway.send(request.bytes)
                let accounting = try Gateway(deployment.accountingPort)
                #expect(try await accounting.account(.start, "s1", name: Self.user)?.code == .accountingResponse)
                #expect(await gateway.receive(0.3) == nil)
                let home = try ScriptedTLSHome(port: port, ground, ScriptedHome.accepting("tls", secret: "radsec"))
                let reply = try #require(await gateway.receive(5))
                #expect(try secret.reply(in: reply, to: request.sent).code == .accessAccept)
                try await eventually { home.count(.accountingRequest) == 1 }
                #expect(home.count(.accessRequest) == 1)
                await home.stop()
            }
        }
    }

    @Test func `what was under way when a connection ended is asked again over the next one, and never twice over one`()
        async throws
    {
        try await RadSecGround.with { ground in
            struct End: Error {}
            let logins = Atomic<Int>(0)
            let accepting = ScriptedHome.accepting("tls", secret: "radsec")
            let home = try ScriptedTLSHome(ground) { request, number in
                guard request.first == PacketCode.accessRequest.rawValue else { return try accepting(request, number) }
                if logins.wrappingAdd(1, ordering: .relaxed).newValue == 1 {
                    usleep(1_300_000)  // so long that the NAS has sent it again
                    throw End()
                }
                return try accepting(request, number)
            }
            try await Self.proxying([Self.server("a", ground, home.port)], liveness: LivenessParameters()) {
                deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                #expect(try await gateway.login(Self.user, "s3cret")?.code == .accessAccept)
                #expect(home.count(.accessRequest) == 2 && home.connections == 2)
            }
            await home.stop()
        }
    }
}
