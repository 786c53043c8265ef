import Postgres
import RADIUS
import Store
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
}
