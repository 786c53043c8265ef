import Foundation
import RADIUS
import Store
import Territory
import Testing

@testable import AccessService

/// FreeRADIUS behind us as home server, and in front of us as proxy.
@Suite struct FreeRADIUSProxyTests {
    private func users(_ message: String) -> String {
        "bob@college.example Cleartext-Password := \"s3cret\"\n    Reply-Message := \"\(message)\", Class := 0x0102\n"
    }

    @Test func `PAP, CHAP, a wrong password and accounting`() async throws {
        let home = try FreeRADIUS(FreeRADIUS.home(users("bonjour")))
        try await home.start()
        let server = ProxyTests.server("college", home.port, accounting: home.accountingPort)
        try await Deployment.with(configure: { $0.proxy = ProxyTests.proxy([server]) }) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let accept = try #require(await gateway.login("bob@college.example", "s3cret"))
            #expect(accept.code == .accessAccept && accept.first(.replyMessage)?.text == "bonjour")
            #expect(accept.first(.classValue)?.value == [1, 2])
            #expect(try await gateway.login("bob@college.example", "wrong")?.code == .accessReject)
            let secret = try SharedSecret(gateway.secretOctets)
            let authenticator = Authenticator.random()
            for (password, code) in [("s3cret", PacketCode.accessAccept), ("wrong", .accessReject)] {
                // The challenge is the authenticator, which does not cross the proxy: it must be put beside the response.
                let chap = CHAPResponse(
                    identifier: 9, password: Array(password.utf8), challenge: authenticator.bytes)
                let request = try secret.accessRequest(
                    identifier: password.utf8.first ?? 0, authenticator: authenticator,
                    userName: "bob@college.example", chap: chap)
                #expect(try await gateway.exchange(request)?.code == code, "\(home.text)")
            }
            #expect(home.text.contains("Operator-Name = \"1socle.example\""))
            #expect(home.text.contains("Chargeable-User-Identity = 0x00"))
            let accounting = try Gateway(deployment.accountingPort)
            #expect(
                try await accounting.account(.start, "s1", name: "bob@college.example")?.code == .accountingResponse)
            try await eventually { home.text.contains("Acct-Session-Id = \"s1\"") }
        }
    }

    @Test func `the second takes over when the first is killed, and hands back when it returns`() async throws {
        let first = try FreeRADIUS(FreeRADIUS.home(users("first")))
        let second = try FreeRADIUS(FreeRADIUS.home(users("second")))
        try await first.start()
        try await second.start()
        let servers = [
            ProxyTests.server("first", first.port, accounting: first.accountingPort),
            ProxyTests.server("second", second.port, accounting: second.accountingPort),
        ]
        try await Deployment.with(configure: { $0.proxy = ProxyTests.proxy(servers) }) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            func answering() async throws -> String? {
                try await gateway.login("bob@college.example", "s3cret")?.first(.replyMessage)?.text
            }
            #expect(try await answering() == "first")
            first.stop()
            // The login that finds out is carried over by the NAS's own retransmission; the next ones lose no time.
            #expect(try await answering() == "second")
            let started = ContinuousClock.now
            #expect(try await answering() == "second")
            #expect(ContinuousClock.now - started < .milliseconds(900))
            try await first.start()
            try await eventually { try await answering() == "first" }
            #expect(first.count("Received Status-Server") >= 3)
        }
    }

    @Test func `a proxy in front of us gets its Proxy-State back and a Message-Authenticator`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let proxy = try FreeRADIUS(
                FreeRADIUS.proxy("visitors.example", to: deployment.authenticationPort, secret: Ground.secret))
            try await proxy.start()
            let gateway = try Gateway(proxy.port, secret: FreeRADIUS.secret)
            let accept = try await gateway.login("\(code)@visitors.example", code)
            #expect(accept?.code == .accessAccept, "\(proxy.text)")
            let reply = try #require(proxy.text.range(of: "Received Access-Accept"))
            let rest = proxy.text[reply.upperBound...]
            #expect(rest.contains("Proxy-State = ") && rest.contains("Message-Authenticator = "))
        }
    }
}
