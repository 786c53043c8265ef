import Foundation
import Postgres
import Store
import Territory
import Testing

struct AuthenticationLogTests {
    private func event(_ name: String?, at instant: Date = Date()) -> AuthenticationEvent {
        AuthenticationEvent(
            at: instant, organisation: OrganisationID(1), site: SiteID(2), nas: NASID(3), subject: .voucher(4),
            result: .reject, method: "pap", reason: "expired", userName: name,
            callingStation: "02:00:5e:00:53:01", latencyMicroseconds: 120)
    }

    @Test func `stores a batch as it is, each event in the partition of its day`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            var repeated = event("a")
            (repeated.repeats, repeated.lastAt) = (7, Date())
            var accepted = event(nil)
            (accepted.result, accepted.reason, accepted.subject, accepted.survived) = (.accept, nil, nil, true)
            try await log.store([repeated, accepted, event("é")], by: "node-1")
            #expect(
                try await here.count(
                    """
                    SELECT count(*) FROM access.auth_event WHERE node = 'node-1' AND organisation_id = 1 AND site_id = 2
                        AND nas_id = 3 AND method = 'pap' AND latency_us = 120
                        AND calling_station = '02:00:5e:00:53:01'
                    """) == 3)
            #expect(
                try await here.count(
                    """
                    SELECT count(*) FROM access.auth_event WHERE user_name = 'a' AND repeats = 7 AND last_at IS NOT NULL
                        AND result = 'reject' AND reason = 'expired' AND subject_kind = 'voucher' AND subject_id = 4
                    """) == 1)
            #expect(
                try await here.count(
                    "SELECT count(*) FROM access.auth_event WHERE result = 'accept' AND survived AND user_name IS NULL"
                ) == 1)
            #expect(try await here.count("SELECT count(*) FROM access.auth_event_default") == 0)
        }
    }

    @Test func `a batch of the largest size is stored, one more is refused`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            let full = Array(repeating: event("a"), count: AuthenticationLog.largestBatch)
            try await log.store(full, by: "n")
            #expect(try await here.count("SELECT count(*) FROM access.auth_event") == full.count)
            await #expect(throws: StoreError.self) { try await log.store(full + [event("b")], by: "n") }
            #expect(try await here.count("SELECT count(*) FROM access.auth_event") == full.count)
        }
    }

    @Test func `makes a day's partition late and brings home the rows that waited for it`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            let far = Date(timeIntervalSince1970: 2_000_000_000)  // 2033-05-18
            try await log.store([event("a", at: far)], by: "n")
            #expect(try await here.count("SELECT count(*) FROM access.auth_event_default") == 1)
            #expect(try await log.ensurePartitions(from: CivilDay(far, in: .gmt), days: 2) == 2)
            #expect(try await log.ensurePartitions(from: CivilDay(far, in: .gmt), days: 2) == 0)
            #expect(try await here.count("SELECT count(*) FROM access.auth_event_default") == 0)
            #expect(try await here.count("SELECT count(*) FROM access.auth_event_2033_05_18") == 1)
        }
    }

    @Test func `drops the days before the one named and nothing of the last seven days, whoever asks`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            let today = CivilDay(Date(), in: .gmt)
            func day(_ ago: Int) -> CivilDay { CivilDay(daysSinceEpoch: today.daysSinceEpoch - ago) }
            try await log.ensurePartitions(from: day(12), days: 13)
            let ago = { (days: Double) in Date(timeIntervalSinceNow: -days * 86_400) }
            try await log.store([event("old", at: ago(10)), event("young", at: ago(8)), event("now")], by: "n")
            try await log.store([event("stray", at: ago(40))], by: "n")
            #expect(try await log.dropPartitions(before: day(9)) == 3)
            #expect(try await here.count("SELECT count(*) FROM access.auth_event") == 2)
            #expect(try await log.dropPartitions(before: today) == 2)
            #expect(try await here.count("SELECT count(*) FROM access.auth_event WHERE user_name = 'now'") == 1)
            #expect(try await log.dropPartitions(before: CivilDay(daysSinceEpoch: today.daysSinceEpoch + 100)) == 0)
        }
    }

    /// The UTC day so many days ago, and an instant in it.
    private func day(_ ago: Int) -> CivilDay {
        CivilDay(daysSinceEpoch: CivilDay(Date(), in: .gmt).daysSinceEpoch - ago)
    }

    private func during(_ ago: Int) -> Date { day(ago).start(in: .gmt).addingTimeInterval(43_200) }

    private func names(_ here: Installation) async throws -> [String] {
        try await here.owner.query("SELECT user_name FROM access.auth_event ORDER BY user_name").decode(String.self)
    }

    @Test func `a site that keeps its events for fewer days loses them then, and no other site does`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            try await log.ensurePartitions(from: day(40), days: 41)
            var events: [AuthenticationEvent] = []
            for site in [2, 3, 4] {
                for ago in [40, 11, 10, 9, 3] {
                    var one = event("\(site) \(ago)", at: during(ago))
                    one.site = SiteID(Int64(site))
                    events.append(one)
                }
            }
            try await log.store(events, by: "n")
            #expect(try await log.forget(before: [SiteID(2): day(10), SiteID(3): day(3)]) == 2 + 4)
            #expect(
                try await names(here) == ["2 10", "2 3", "2 9", "3 3", "4 10", "4 11", "4 3", "4 40", "4 9"])
            #expect(try await log.forget(before: [SiteID(2): day(10), SiteID(3): day(3)]) == 0, "again: nothing")
            #expect(try await log.forget(before: [SiteID(2): day(9)]) == 1, "the next day")
            #expect(try await log.forget(before: [SiteID(2): day(11)]) == 0, "a longer period brings nothing back")
            #expect(try await log.forget(before: [:]) == 0)
        }
    }

    @Test func `nobody has the running day forgotten, nor what was stored late for a day that is done`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            try await log.ensurePartitions(from: day(5), days: 6)
            try await log.store([event("old", at: during(5)), event("now")], by: "n")
            let tomorrow = CivilDay(daysSinceEpoch: day(0).daysSinceEpoch + 1)
            #expect(try await log.forget(before: [SiteID(2): tomorrow]) == 1)
            try await log.store([event("late", at: during(4))], by: "n")
            #expect(try await log.forget(before: [SiteID(2): tomorrow]) == 0)
            #expect(try await names(here) == ["late", "now"], "until that day is dropped")
        }
    }

    @Test func `no day is kept for more than three months, whatever is asked`() async throws {
        try await Installation.with { here in
            let log = AuthenticationLog(here.access)
            try await log.ensurePartitions(from: day(93), days: 10)
            #expect(try await log.dropPartitions(before: day(365)) >= 1, "93 days are more than any three months")
            #expect(
                try await here.count(
                    """
                    SELECT count(*) FROM pg_inherits JOIN pg_class ON oid = inhrelid
                    WHERE inhparent = 'access.auth_event'::regclass AND relname ~ '^auth_event_[0-9_]*$'
                        AND to_date(right(relname, 10), 'YYYY_MM_DD') + interval '3 months' <= now() AT TIME ZONE 'UTC'
                    """) == 0)
        }
    }

    @Test func `the daemon that writes the log can neither read nor change it`() async throws {
        try await Installation.with { here in
            for statement: SQL in [
                "SELECT * FROM access.auth_event", "DELETE FROM access.auth_event",
                "UPDATE access.auth_event SET reason = NULL", "TRUNCATE access.auth_event",
                "SELECT * FROM access.auth_event_forgotten", "DELETE FROM access.auth_event_forgotten",
            ] {
                await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                    try await here.access.write(statement, repeatable: true)
                }
            }
        }
    }
}
