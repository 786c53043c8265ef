import Foundation
import Postgres
import Store
import Territory
import Testing

struct SessionClosingTests {
    private func record(_ kind: AccountingRecord.Kind, nas: NASID, at date: Date) -> AccountingRecord {
        AccountingRecord(
            kind: kind, nasID: nas, organisationID: 1, siteID: 1, sessionKey: SessionKey(high: 0, low: 0),
            acctSessionID: "",
            eventTime: EventTime(date, isPrecise: true), receivedAt: date)
    }

    @Test func `ends the sessions of a NAS that restarts, as the rule for one row says, and no others`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let open = SessionRow.sample(1, nas: 1).later(60, octets: 60)
            let heardLater = SessionRow.sample(2, nas: 1).later(600, octets: 60)
            let closed = SessionRow.sample(3, nas: 1).later(30, octets: 60).stopped
            let otherNAS = SessionRow.sample(4, nas: 2).later(60, octets: 60)
            let rows = [open, heardLater, closed, otherNAS]
            _ = try await store.write(rows.map { SessionWrite(previous: nil, row: $0) })
            let restart = record(.on, nas: 1, at: Installation.noon + 300)
            #expect(try await store.closeAll(by: restart) == [open.reference])
            #expect(try await store.closeAll(by: restart).isEmpty)
            #expect(try await store.closeAll(by: record(.start, nas: 1, at: .now)).isEmpty)
            let loaded = try await store.load(rows.map(\.reference), historySince: nil).mapValues(\.row)
            for row in rows { #expect(loaded[row.reference] == SessionState.close(row, by: restart) ?? row) }
        }
    }

    @Test func `ends sessions that are silent, at the last thing known of them`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let silent = SessionRow.sample(1, site: 1).later(60, octets: 60)
            let alive = SessionRow.sample(2, site: 1).later(600, octets: 60)
            let otherSite = SessionRow.sample(3, site: 2).later(60, octets: 60)
            let rows = [silent, alive, otherSite]
            _ = try await store.write(rows.map { SessionWrite(previous: nil, row: $0) })
            let before = Installation.noon + 100
            #expect(try await store.closeSilent(at: [1], heardOfBefore: before) == [silent.reference])
            #expect(try await store.closeSilent(at: [1], heardOfBefore: before).isEmpty)
            let loaded = try await store.load(rows.map(\.reference), historySince: nil).mapValues(\.row)
            #expect(
                loaded[silent.reference]
                    == SessionState.closeIfSilent(
                        silent, now: Installation.noon + 90_000, interimSeconds: 60, listeningSince: Installation.noon))
            #expect(loaded[alive.reference] == alive)
            #expect(loaded[otherSite.reference] == otherSite)
        }
    }

    @Test func `counts the devices of a subject by their stations`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            var rows = (1...4).map { SessionRow.sample($0) }
            for index in rows.indices { rows[index].subject = .voucher(5) }
            rows[1].callingStation = rows[0].callingStation
            rows[3] = rows[3].stopped
            _ = try await store.write(rows.map { SessionWrite(previous: nil, row: $0) })
            #expect(try await store.deviceCounts(of: [.voucher(5), .voucher(6)]) == [.voucher(5): 2])
            #expect(try await store.open(of: [.voucher(5)]).count == 3)
        }
    }

    @Test func `makes a month's partition late and brings home the rows that waited for it`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let far = Date(timeIntervalSince1970: 2_000_000_000)  // 2033-05-18
            let row = SessionRow.sample(1, startedAt: far).stopped
            _ = try await store.write([SessionWrite(previous: nil, row: row)])
            #expect(try await store.moveToHistory(endedBefore: .distantFuture) == 1)
            #expect(try await here.count("SELECT count(*) FROM access.session_default") == 1)
            let day = CivilDay(far, in: .gmt)
            #expect(try await store.ensurePartitions(from: day, months: 2) == 2)
            #expect(try await store.ensurePartitions(from: day, months: 2) == 0)
            #expect(try await here.count("SELECT count(*) FROM access.session_2033_05") == 1)
            #expect(try await here.count("SELECT count(*) FROM access.session_default") == 0)
            #expect(try await store.load([row.reference], historySince: .distantPast).count == 1)
        }
    }
}
