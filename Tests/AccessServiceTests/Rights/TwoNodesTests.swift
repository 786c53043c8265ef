import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// Two daemons on one database.
@Suite struct TwoNodesTests {
    private func with(
        nas: NewNAS = .loopback(), adjust: (inout [String: Any]) -> Void = { _ in },
        _ body: (Deployment, Deployment) async throws -> Void
    ) async throws {
        let quick: (inout AccessConfiguration) -> Void = { configuration in
            configuration.rightsInterval = .milliseconds(50)
            configuration.maintenanceInterval = .milliseconds(100)
        }
        try await Deployment.with(nas: nas, configure: quick, adjust: adjust) { one in
            try await Deployment.run(one.ground, configure: quick) { other in try await body(one, other) }
        }
    }

    private func account(_ ground: Ground) async throws -> Account {
        try await Accounts(ground.owner).create(
            login: "agent", passwordHash: Secret(text: AccountLoginTests.yescrypt("fontaine")), of: ground.organisation)
    }

    @Test func `a closed account is refused on both within a second, and one of them ends its session`() async throws {
        let listener = try CommandListener()
        try await with(nas: .loopback(coaPort: Int(listener.port))) { one, other in
            let ground = one.ground
            let made = try await account(ground)
            let gateways = [try Gateway(one.authenticationPort), try Gateway(other.authenticationPort)]
            for gateway in gateways {
                #expect(try await gateway.login("agent", "fontaine")?.code == .accessAccept)
            }
            let accounting = try Gateway(one.accountingPort)
            #expect(try await accounting.account(.start, "sess-1", name: "agent") != nil)
            // Accounting changes what is remembered of the login: both remember it again.
            for gateway in gateways {
                #expect(try await gateway.login("agent", "fontaine")?.code == .accessAccept)
            }
            try await Accounts(ground.owner).close(made.id, of: ground.organisation, at: Date())
            let closed = ContinuousClock.now
            for gateway in gateways {
                var reply = try await gateway.login("agent", "fontaine")
                while reply?.code == .accessAccept, ContinuousClock.now - closed < .seconds(1) {
                    reply = try await gateway.login("agent", "fontaine")
                }
                #expect(reply?.first(.replyMessage)?.text == RefusalReason.closedAccount.rawValue)
            }
            let (request, peer) = try #require(await listener.receive())
            #expect(request[0] == 40)
            listener.answer(request, 41, [], to: peer)
            try await eventually {
                try await ground.count("SELECT count(*) FROM access.outbox WHERE acknowledged_at IS NOT NULL") == 1
            }
            #expect(try await ground.count("SELECT count(*) FROM access.outbox") == 1)
            #expect(try await ground.count("SELECT count(*) FROM access.session_attempt") == 1)
        }
    }

    @Test func `a quota is shared: what one counts, both refuse`() async throws {
        try await with(adjust: { $0["daily_octets"] = 1_000_000 }) { one, other in
            let code = try await one.ground.voucher().code.canonical
            let first = try Gateway(one.accountingPort)
            let second = try Gateway(other.accountingPort)
            #expect(try await first.account(.start, "phone", name: code) != nil)
            #expect(try await second.account(.start, "laptop", name: code, station: "02-00-5E-00-53-02") != nil)
            #expect(try await first.account(.interim, "phone", seconds: 60, input: 600_000) != nil)
            #expect(
                try await second.account(.interim, "laptop", seconds: 60, input: 400_000, station: "02-00-5E-00-53-02")
                    != nil)
            for node in [one, other] {
                let reply = try await Gateway(node.authenticationPort).login(code, code)
                #expect(reply?.first(.replyMessage)?.text == RefusalReason.dailyVolumeUsed.rawValue)
            }
            // Both devices are to go, whichever node saw the last octet.
            try await eventually { try await one.ground.count("SELECT count(*) FROM access.outbox") == 2 }
        }
    }

    @Test func `a session whose records go to both nodes is counted once`() async throws {
        try await with { one, other in
            let code = try await one.ground.voucher().code.canonical
            let gateways = [try Gateway(one.accountingPort), try Gateway(other.accountingPort)]
            // Clock and Acct-Session-Time agree, as a NAS's do: else the records are of an earlier session.
            let began = Date(timeIntervalSinceNow: -700)
            #expect(try await gateways[0].account(.start, "sess-1", name: code, at: began) != nil)
            for step in 1...10 {
                let instant = began.addingTimeInterval(Double(step * 60))
                // Each record to one, and again to the other: the NAS has failed over.
                for gateway in gateways {
                    #expect(
                        try await gateway.account(
                            .interim, "sess-1", name: code, seconds: UInt32(step * 60), input: UInt32(step * 1_000),
                            output: UInt32(step * 10), at: instant) != nil)
                }
            }
            let stop = try await gateways[1].account(
                .stop, "sess-1", name: code, seconds: 700, input: 10_500, at: began.addingTimeInterval(700))
            #expect(stop != nil)
            let row = try #require(
                try await one.ground.owner.query(
                    """
                    SELECT count(*), sum(input_octets)::bigint, (SELECT sum(input_octets)::bigint FROM access.usage),
                        (SELECT sum(seconds)::bigint FROM access.usage) FROM access.every_session
                    """
                ).first)
            let (sessions, input, used, seconds) = try row.decode(Int.self, Int.self, Int.self, Int.self)
            #expect((sessions, input) == (1, 10_500))
            #expect((used, seconds) == (10_500, 700))
        }
    }
}
