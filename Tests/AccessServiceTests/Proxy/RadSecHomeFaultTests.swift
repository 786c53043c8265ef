import Foundation
import Glibc
import OpenSSL
import RADIUS
import Testing

@testable import AccessService

/// Home servers over TLS that are not who they should be, or do not do what they should.
@Suite(.serialized) struct RadSecHomeFaultTests {
    @Test(arguments: ["foreign", "misnamed", "expired", "revoked"])
    func `a server whose certificate is not good gets nothing, and another server is asked`(certificate: String)
        async throws
    {
        try await RadSecGround.with { ground in
            let other = try CertificateAuthority.create(name: "Autre", validity: RadSecGround.validity(days: 100))
            try ground.issue("foreign", name: "radius.example.fr", by: other)
            try ground.issue("misnamed", name: "other.example.fr")
            try ground.issue(
                "expired", name: "radius.example.fr", validity: RadSecGround.validity(days: 1, from: -10 * 86_400))
            try ground.revoke([try ground.issue("revoked", name: "radius.example.fr")], number: 2)
            let imposter = try ScriptedTLSHome(
                ground, certificate: certificate, ScriptedHome.accepting("false", secret: "radsec"))
            let genuine = try ScriptedHome(ScriptedHome.accepting("true"))
            let servers = [RadSecHomeTests.server("a", ground, imposter.port), ProxyTests.server("b", genuine.port)]
            try await RadSecHomeTests.proxying(servers) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                for _ in 0..<5 {
                    let reply = try await gateway.login(RadSecHomeTests.user, "s3cret")
                    #expect(reply?.first(.replyMessage)?.text == "true")
                }
                #expect(imposter.requests.isEmpty)
            }
            await imposter.stop()
            await genuine.stop()
        }
    }

    @Test func `a server that signs wrongly loses its connection, is not believed, and is dead in the end`()
        async throws
    {
        try await RadSecGround.with { ground in
            let home = try ScriptedTLSHome(ground, ScriptedHome.accepting("false", secret: "another"))
            try await RadSecHomeTests.proxying([RadSecHomeTests.server("a", ground, home.port)]) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                // Never an Accept; a Reject of ours once it is dead.
                try await eventually {
                    let reply = try await gateway.login(RadSecHomeTests.user, "s3cret")
                    #expect(reply?.code != .accessAccept)
                    return reply?.code == .accessReject
                }
                #expect(home.connections > 1)
            }
            await home.stop()
        }
    }

    @Test func `a server that is silent is probed, given up, connected to again, and asked when it answers`()
        async throws
    {
        try await RadSecGround.with { ground in
            let accepting = ScriptedHome.accepting("tls", secret: "radsec")
            let home = try ScriptedTLSHome(ground) { request, number in
                number < 60 ? [] : try accepting(request, number)
            }
            try await RadSecHomeTests.proxying([RadSecHomeTests.server("a", ground, home.port)]) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                var isRefused = false
                try await eventually {
                    let reply = try await gateway.login(RadSecHomeTests.user, "s3cret")
                    isRefused = isRefused || reply?.code == .accessReject
                    return reply?.code == .accessAccept
                }
                #expect(isRefused, "while it is dead we refuse")
                #expect(home.connections > 1, "a connection over which nobody answers is replaced")
                #expect(home.count(.statusServer) > 2)
            }
            await home.stop()
        }
    }

    @Test func `a server that answers octet by octet is cut, and another is asked`() async throws {
        try await RadSecGround.with { ground in
            let slow = try ScriptedTLSHome(ground, drips: true, ScriptedHome.accepting("slow", secret: "radsec"))
            let fast = try ScriptedHome(ScriptedHome.accepting("fast"))
            let servers = [RadSecHomeTests.server("a", ground, slow.port), ProxyTests.server("b", fast.port)]
            var limits = RadSecLimits()
            limits.packetDeadline = .milliseconds(300)
            try await RadSecHomeTests.proxying(servers, limits: limits) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                for _ in 0..<3 {
                    let reply = try await gateway.login(RadSecHomeTests.user, "s3cret")
                    #expect(reply?.first(.replyMessage)?.text == "fast")
                }
                try await eventually { slow.connections > 1 }
            }
            await slow.stop()
            await fast.stop()
        }
    }

    @Test func `a packet that is none ends the connection`() async throws {
        try await RadSecGround.with { ground in
            let home = try ScriptedTLSHome(ground) { _, _ in [[2, 0, 0, 3, 0, 0, 0, 0]] }
            try await RadSecHomeTests.proxying([RadSecHomeTests.server("a", ground, home.port)]) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                #expect(try await gateway.login(RadSecHomeTests.user, "s3cret")?.code != .accessAccept)
                try await eventually { home.connections > 2 }
            }
            await home.stop()
        }
    }

    @Test func `certificates that cannot be read are told of before anything is served`() async throws {
        try await RadSecGround.with { ground in
            var server = RadSecHomeTests.server("a", ground, 1)
            server.tls?.files.key = ground.path("none.key")
            let mailboxes = MailboxList()
            #expect(throws: AccessError(.configuration, "the file \(ground.path("none.key")) cannot be read")) {
                _ = try ProxyClient(
                    ProxyTests.proxy([server]), key: [], mailboxes: mailboxes, clock: .system,
                    logger: Deployment.logger)
            }
        }
    }
}
