import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct AccountingTests {
    @Test func `answers a session's Start, Interim and Stop once they are stored`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            #expect(try await gateway.account(.start, "s1", name: "x")?.code == .accountingResponse)
            #expect(try await gateway.account(.interim, "s1", name: "x", seconds: 60, input: 10, output: 20) != nil)
            #expect(try await gateway.account(.stop, "s1", name: "x", seconds: 90, input: 30, output: 40) != nil)
            let rows = try await deployment.ground.owner.query(
                "SELECT session_seconds, input_octets, output_octets, stopped_at IS NOT NULL FROM access.live_session")
            #expect(rows.count == 1)
            #expect(try rows[0].decode(Int.self, Int.self, Int.self, Bool.self) == (90, 30, 40, true))
        }
    }

    @Test func `joins Gigawords to octets (RFC 2869 §5.1), and keeps IPv6 addresses`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            let more = [
                Attribute(.acctInputGigawords, uint32: 2), Attribute(.acctOutputGigawords, uint32: 1),
                Attribute(.framedIPAddress, [192, 0, 2, 7]),
                Attribute(.framedIPv6Prefix, [0, 64, 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2]),
                Attribute(.nasPort, uint32: 4_000_000_000),
            ]
            #expect(
                try await gateway.account(.interim, "s1", seconds: 60, input: 5, output: 6, attributes: more) != nil)
            let row = try #require(
                try await deployment.ground.owner.query(
                    """
                    SELECT input_octets, output_octets, host(framed_address), framed_ipv6_prefix::text, nas_port
                    FROM access.live_session
                    """
                ).first)
            let stored = try row.decode(Int.self, Int.self, String.self, String.self, Int.self)
            #expect(stored == (8_589_934_597, 4_294_967_302, "192.0.2.7", "2001:db8:1:2::/64", 4_000_000_000))
        }
    }

    @Test func `equipment that reports octets reversed is read so`() async throws {
        try await Deployment.with(nas: .loopback(profile: "coovachilli")) { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            #expect(try await gateway.account(.interim, "s1", seconds: 60, input: 5, output: 6) != nil)
            let row = try #require(
                try await deployment.ground.owner.query(
                    "SELECT input_octets, output_octets FROM access.live_session"
                ).first)
            #expect(try row.decode(Int.self, Int.self) == (6, 5))
        }
    }

    @Test func `Class names whose usage it is, whatever the User-Name`() async throws {
        try await Deployment.with { deployment in
            let voucher = try await deployment.ground.voucher()
            let login = try Gateway(deployment.authenticationPort)
            let accept = try #require(try await login.login(voucher.code.canonical, voucher.code.canonical))
            let echoed = [Attribute(.classValue, try #require(accept.first(.classValue)?.value))]
            let gateway = try Gateway(deployment.accountingPort)
            #expect(
                try await gateway.account(
                    .interim, "s1", name: "anonymous", seconds: 60, input: 7, output: 8, attributes: echoed) != nil)
            let used = try await deployment.ground.owner.query(
                "SELECT subject_kind, subject_id, input_octets + output_octets FROM access.usage")
            #expect(used.count == 1)
            #expect(try used[0].decode(String.self, Int64.self, Int.self) == ("voucher", voucher.id.rawValue, 15))
        }
    }

    @Test func `Accounting-On ends the sessions of the NAS (RFC 2866 §5.1)`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            let past = [Attribute(.acctDelayTime, uint32: 5)]
            for index in 0..<3 {
                #expect(try await gateway.account(.start, "s\(index)", attributes: past) != nil)
            }
            #expect(try await gateway.account(.on, "boot")?.code == .accountingResponse)
            let open = try await deployment.ground.count(
                "SELECT count(*) FROM access.live_session WHERE stopped_at IS NULL")
            #expect(open == 0)
            #expect(
                try await deployment.ground.count("SELECT count(*) FROM access.live_session WHERE inferred_stop") == 3)
        }
    }

    @Test func `a record without Acct-Session-Id or with an unknown status gets no answer`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            #expect(try await gateway.account(AccountingStatus(rawValue: 99), "s1", wait: 1) == nil)
            let secret = try SharedSecret(gateway.secretOctets)
            let bare = try secret.accountingRequest(identifier: 1, attributes: [Attribute(.acctStatusType, uint32: 1)])
            #expect(try await gateway.exchange(bare, wait: 1) == nil)
        }
    }

    @Test func `text that PostgreSQL cannot hold is repaired, not refused`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.accountingPort)
            let odd = [Attribute(.userName, [0x61, 0, 0xff, 0x62]), Attribute(.calledStationID, [0, 0, 0])]
            #expect(try await gateway.account(.start, "s1", attributes: odd)?.code == .accountingResponse)
            #expect(try await deployment.ground.count("SELECT count(*) FROM access.live_session") == 1)
        }
    }
}
