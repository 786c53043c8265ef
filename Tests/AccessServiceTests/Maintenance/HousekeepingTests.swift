import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Testing

@Suite struct HousekeepingTests {
    @Test func `a session that falls silent is ended where it was heard last, and moves to the history`() async throws {
        let clock = SteppedClock()
        try await Deployment.with(configure: { $0.maintenanceInterval = .milliseconds(100) }, clock: clock.clock) {
            deployment in
            let gateway = try Gateway(deployment.accountingPort)
            #expect(try await gateway.account(.start, "s1") != nil)
            #expect(try await gateway.account(.start, "s2") != nil)
            clock.step(by: 2000)
            #expect(try await gateway.account(.interim, "s2", seconds: 2000, at: clock.clock.calendar()) != nil)
            clock.step(by: 2000)
            try await eventually {
                try await deployment.ground.count(
                    """
                    SELECT count(*) FROM access.every_session
                    WHERE acct_session_id = 's1' AND inferred_stop AND terminate_cause = 'inferred:silence'
                    """) == 1
            }
            #expect(
                try await deployment.ground.count(
                    "SELECT count(*) FROM access.every_session WHERE acct_session_id = 's2' AND stopped_at IS NULL")
                    == 1)
            clock.step(by: 4000)
            try await eventually {
                try await deployment.ground.count("SELECT count(*) FROM access.session WHERE acct_session_id = 's1'")
                    == 1
            }
        }
    }

    @Test func `a site's decisions are kept for the days that its package says (C7)`() async throws {
        let clock = SteppedClock()
        try await Deployment.with(
            configure: { $0.maintenanceInterval = .milliseconds(100) }, clock: clock.clock,
            retention: ["C7": 5]
        ) { deployment in
            try await deployment.ground.owner.write(
                """
                SELECT access.ensure_auth_event_partitions((now() - interval '9 days')::date, 10)
                """, repeatable: true)
            for ago in [8, 6, 3] {
                try await deployment.ground.owner.write(
                    """
                    INSERT INTO access.auth_event (node, at, organisation_id, site_id, nas_id, latency_us, repeats, survived,
                        result, method, user_name)
                    SELECT 'n', now() - \("\(ago) days")::text::interval, \(deployment.ground.organisation), site, 1, 1, 1,
                        false, 'accept', 'pap', \("\(ago)")
                    FROM unnest(ARRAY[\(deployment.ground.site)::bigint, 999::bigint]) AS site
                    """, repeatable: false)
            }
            clock.step(by: 86_400)
            let kept: SQL = "SELECT count(*) FROM access.auth_event WHERE site_id = \(deployment.ground.site)"
            try await eventually { try await deployment.ground.count(kept) == 1 }
            #expect(
                try await deployment.ground.count("SELECT count(*) FROM access.auth_event WHERE site_id = 999") == 3,
                "no package says anything of it")
        }
    }

    @Test func `the partitions of the coming months are made`() async throws {
        let clock = SteppedClock()
        try await Deployment.with(configure: { $0.maintenanceInterval = .milliseconds(100) }, clock: clock.clock) {
            deployment in
            let partitions: SQL = """
                SELECT count(*) FROM pg_inherits WHERE inhparent = 'access.session'::regclass
                """
            let before = try await deployment.ground.count(partitions)
            clock.step(by: 200 * 86_400)
            try await eventually { try await deployment.ground.count(partitions) > before }
        }
    }
}
