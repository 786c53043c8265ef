import Postgres
import RADIUS
import Store
import Testing

@Suite struct RetransmissionTests {
    @Test func `a retransmission gets the same reply, byte for byte (RFC 5080 §2.2.2)`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            let secret = try SharedSecret(gateway.secretOctets)
            let request = try secret.accessRequest(identifier: 1, userName: code, password: Array(code.utf8))
            #expect(try await gateway.login(code, code)?.code == .accessAccept)
            gateway.send(request.bytes)
            let first = try #require(await gateway.receive(10))
            gateway.send(request.bytes)
            #expect(await gateway.receive(10) == first)
        }
    }

    @Test func `a request that is still being worked on is not worked on twice`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let request = try Gateway.accountingRequest(secret, .start, "s1", identifier: 1)
            for _ in 0..<20 { gateway.send(request.bytes) }
            #expect(await gateway.receive() != nil)
            try await eventually {
                try await deployment.ground.count("SELECT count(*) FROM access.live_session") == 1
            }
            #expect(try await deployment.ground.count("SELECT version FROM access.live_session") == 1)
        }
    }
}
