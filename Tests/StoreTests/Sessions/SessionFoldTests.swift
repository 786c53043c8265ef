import Foundation
import Postgres
import Store
import Territory
import Testing

struct SessionFoldTests {
    private let noon = Installation.noon
    private let day = CivilDay(daysSinceEpoch: 20_833)

    private func record(
        _ kind: AccountingRecord.Kind, _ seconds: Int64, octets: Int64, beginning: TimeInterval = 0,
        subject: SubjectReference? = .voucher(9)
    ) -> AccountingRecord {
        let instant = noon + beginning + TimeInterval(seconds)
        return AccountingRecord(
            kind: kind, nasID: 1, organisationID: 1, siteID: 1, sessionKey: SessionKey(high: 1, low: 1),
            acctSessionID: "1", userName: "g", subject: subject, sessionSeconds: kind == .start ? nil : seconds,
            input: .init(octets: octets), output: .init(octets: 0), eventTime: EventTime(instant, isPrecise: true),
            receivedAt: instant)
    }

    private func fold(_ previous: LoadedSession?, _ records: [AccountingRecord]) -> SessionFold {
        var fold = SessionFold(from: previous)
        for record in records { _ = fold.apply(record, on: day, newSessionID: UUID.init) }
        return fold
    }

    @Test func `makes one write of the records that wait together, and none of what is known`() throws {
        let records = [record(.start, 0, octets: 0), record(.interim, 60, octets: 100), record(.stop, 90, octets: 150)]
        let write = try #require(fold(nil, records).write)
        #expect(write.row.version == 1)
        #expect(write.row.counters.inputOctets == 150)
        #expect(write.row.stoppedAt == noon + 90)
        #expect(
            write.usage == [
                UsageDelta(
                    subject: .voucher(9), organisationID: 1, day: day,
                    usage: Usage(seconds: 90, inputOctets: 150, outputOctets: 0))
            ])
        #expect(fold(write.written, records).write == nil)
        #expect(fold(nil, []).write == nil)
    }

    @Test func `gives each of two sessions under one key its own usage, and archives the first`() throws {
        let records = [
            record(.start, 0, octets: 0, subject: .voucher(1)), record(.interim, 60, octets: 100, subject: .voucher(1)),
            record(.start, 0, octets: 0, beginning: 600, subject: .voucher(2)),
            record(.interim, 30, octets: 7, beginning: 600, subject: .voucher(2)),
        ]
        let write = try #require(fold(nil, records).write)
        #expect(write.previous == nil)
        #expect(write.row.startedAt == noon + 600)
        #expect(write.archived.map(\.counters.inputOctets) == [100])
        #expect(write.archived.allSatisfy { $0.inferredStop })
        #expect(write.usage.map(\.subject) == [.voucher(1), .voucher(2)])
        #expect(write.usage.map(\.usage.inputOctets) == [100, 7])
    }

    @Test func `stores the same whether or not the outcome of a write was known`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let key = SessionReference(nasID: 1, key: SessionKey(high: 1, low: 1))
            let batches = [
                [record(.start, 0, octets: 0), record(.interim, 60, octets: 100)],
                [record(.interim, 120, octets: 200), record(.stop, 150, octets: 260)],
                [record(.start, 0, octets: 0, beginning: 600), record(.stop, 30, octets: 7, beginning: 600)],
            ]
            for batch in batches {
                // Each batch is written twice by somebody who was not told of the first outcome, then read and tried again.
                let before = try await store.load([key], historySince: .distantPast)[key]
                let write = try #require(fold(before, batch).write)
                let first = try await store.write([write])
                let second = try await store.write([write])
                #expect(first.conflicts.isEmpty)
                #expect(second.conflicts == [key])
                let after = try await store.load([key], historySince: .distantPast)[key]
                #expect(fold(after, batch).write == nil)
            }
            #expect(try await here.count("SELECT count(*) FROM access.every_session") == 2)
            let usage = try await UsageStore(here.access).load([.voucher(9)], on: day)
            #expect(usage[.voucher(9)] == Usage(seconds: 180, inputOctets: 267, outputOctets: 0))
        }
    }
}
