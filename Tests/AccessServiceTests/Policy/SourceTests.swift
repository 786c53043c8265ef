import AccessService
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct SourceTests {
    @Test func `Status-Server is answered on both ports (RFC 5997)`() async throws {
        try await Deployment.with { deployment in
            let secret = try SharedSecret(Array(Ground.secret.utf8))
            let authentication = try Gateway(deployment.authenticationPort)
            #expect(try await authentication.exchange(try secret.statusServer(identifier: 1))?.code == .accessAccept)
            let accounting = try Gateway(deployment.accountingPort)
            let reply = try await accounting.exchange(try secret.statusServer(identifier: 1))
            #expect(reply?.code == .accountingResponse)
            #expect(reply?.attributes.first?.type == .messageAuthenticator)
        }
    }

    @Test func `a request on the wrong port gets no answer`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let secret = try SharedSecret(Array(Ground.secret.utf8))
            let wrong = try Gateway(deployment.accountingPort)
            let request = try secret.accessRequest(identifier: 1, userName: code, password: Array(code.utf8))
            #expect(try await wrong.exchange(request, wait: 1) == nil)
        }
    }

    @Test func `an unknown source gets no answer, is counted and is recorded`() async throws {
        let elsewhere = NewNAS(
            name: "elsewhere", profile: "wispr", source: IPPrefix("192.0.2.0/24"), secret: Secret(text: Ground.secret))
        try await Deployment.with(nas: elsewhere, configure: { $0.maintenanceInterval = .milliseconds(200) }) {
            deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            #expect(try await gateway.exchange(try secret.statusServer(identifier: 1), wait: 1) == nil)
            try await eventually {
                try await deployment.ground.count(
                    "SELECT count(*) FROM access.unknown_source WHERE address = '127.0.0.1' AND packets > 0") == 1
            }
        }
    }

    @Test func `a NAS behind NAT is known by its NAS-Identifier, whatever its address`() async throws {
        let bus = NewNAS(name: "bus", profile: "wispr", identifier: "bus-3", secret: Secret(text: Ground.secret))
        try await Deployment.with(nas: bus) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let gateway = try Gateway(deployment.authenticationPort)
            let named = [Attribute(.nasIdentifier, text: "bus-3")]
            #expect(try await gateway.login(code, code, attributes: named)?.code == .accessAccept)
            let secret = try SharedSecret(gateway.secretOctets)
            let other = try secret.accessRequest(
                identifier: 9, userName: code, password: Array(code.utf8),
                attributes: [Attribute(.nasIdentifier, text: "bus-4")])
            #expect(try await gateway.exchange(other, wait: 1) == nil)
        }
    }

    @Test func `serves IPv6 as it serves IPv4`() async throws {
        let nas = NewNAS(
            name: "six", profile: "wispr", source: IPPrefix("::1/128"), secret: Secret(text: Ground.secret))
        try await Deployment.with(nas: nas, configure: { $0.addresses = ["::", "0.0.0.0"] }) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let gateway = try Gateway(deployment.authenticationPort, address: "::1")
            #expect(try await gateway.login(code, code)?.code == .accessAccept)
            let accounting = try Gateway(deployment.accountingPort, address: "::1")
            #expect(try await accounting.account(.start, "s1")?.code == .accountingResponse)
        }
    }

    @Test func `a NAS that is declared while the daemon runs is served within a second`() async throws {
        try await Deployment.with { deployment in
            let ground = deployment.ground
            _ = try await NASDirectory(ground.owner, keys: ground.keys).add(
                NewNAS(
                    name: "second", profile: "wispr", source: IPPrefix("127.0.0.7/32"),
                    identifier: "second", secret: Secret(text: "second secret")), to: ground.site)
            let gateway = try Gateway(deployment.authenticationPort, secret: "second secret")
            let secret = try SharedSecret(gateway.secretOctets)
            // From 127.0.0.1 the name alone is not enough: this NAS has a source of its own.
            let request = try secret.statusServer(
                identifier: 1, attributes: [Attribute(.nasIdentifier, text: "second")])
            #expect(try await gateway.exchange(request, wait: 1) == nil)
        }
    }
}
