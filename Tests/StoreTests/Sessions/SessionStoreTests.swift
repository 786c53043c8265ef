import Foundation
import Postgres
import Store
import Territory
import Testing

struct SessionStoreTests {
    private let day = CivilDay(daysSinceEpoch: 20_833)

    private func load(_ store: SessionStore, _ row: SessionRow) async throws -> LoadedSession? {
        try await store.load([row.reference], historySince: .distantPast)[row.reference]
    }

    @Test func `reads back every column of what it wrote`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            var full = SessionRow.sample(1).later(60, octets: 1_000).stopped
            full.delegatedIPv6Prefix = IPPrefix("2001:db8:8::/56")
            var bare = SessionRow.sample(2)
            bare.subject = nil
            (bare.userName, bare.callingStation, bare.calledStation) = (nil, nil, nil)
            (bare.framedAddress, bare.framedIPv6Prefix, bare.nasPort) = (nil, nil, nil)
            let outcome = try await store.write([full, bare].map { SessionWrite(previous: nil, row: $0) })
            #expect(outcome.conflicts.isEmpty)
            let loaded = try await store.load([full.reference, bare.reference], historySince: nil)
            #expect(loaded == [full.reference: LoadedSession(full), bare.reference: LoadedSession(bare)])
        }
    }

    @Test func `adds usage to the subject's day with each write`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let rows = (1...3).map { number in
                var row = SessionRow.sample(number)
                row.subject = .voucher(9)
                return row.later(10, octets: 100)
            }
            let first = rows.map { SessionWrite(previous: nil, row: $0, usage: UsageDelta.between(nil, $0)) }
            #expect(try await store.write(first).conflicts.isEmpty)
            let second = first.map { write in
                let next = write.row.later(25, octets: 300)
                return SessionWrite(previous: write.written, row: next, usage: UsageDelta.between(write.row, next))
            }
            #expect(try await store.write(second).conflicts.isEmpty)
            let usage = try await UsageStore(here.access).load([.voucher(9), .voucher(10)], on: day)
            #expect(usage == [.voucher(9): Usage(seconds: 75, inputOctets: 900, outputOctets: 9_000)])
        }
    }

    @Test func `changes nothing when a batch is written again after an unknown outcome`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let started = SessionWrite(
                previous: nil, row: .sample(1).later(5, octets: 50),
                usage: UsageDelta.between(nil, .sample(1).later(5, octets: 50)))
            #expect(try await store.write([started]).conflicts.isEmpty)
            let next = started.row.later(9, octets: 90)
            let progress = SessionWrite(
                previous: started.written, row: next, usage: UsageDelta.between(started.row, next))
            let other = SessionWrite(previous: nil, row: .sample(2))
            #expect(try await store.write([progress, other]).conflicts.isEmpty)
            let again = try await store.write([progress, other])
            #expect(again.conflicts == [progress.reference, other.reference])
            #expect(try await store.write([started]).conflicts == [started.reference])
            #expect(try await load(store, next) == progress.written)
            let usage = try await UsageStore(here.access).load([.account(1)], on: day)
            #expect(usage[.account(1)] == Usage(seconds: 9, inputOctets: 90, outputOctets: 900))
        }
    }

    @Test func `names the session that another writer changed and writes the others`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let writes = (1...3).map { SessionWrite(previous: nil, row: .sample($0)) }
            _ = try await store.write(writes)
            let mine = writes.map { write in
                SessionWrite(previous: write.written, row: write.row.later(10, octets: 10))
            }
            let theirs = SessionWrite(previous: writes[1].written, row: writes[1].row.later(20, octets: 20))
            _ = try await store.write([theirs])
            #expect(try await store.write(mine).conflicts == [mine[1].reference])
            let loaded = try await store.load(writes.map(\.reference), historySince: nil)
            #expect(
                loaded.mapValues(\.row.counters.seconds) == [
                    mine[0].reference: 10, mine[1].reference: 20, mine[2].reference: 10,
                ])
        }
    }

    @Test func `writes only the first of two changes of one session in a batch`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let first = SessionWrite(previous: nil, row: .sample(1))
            let second = SessionWrite(previous: nil, row: .sample(1).later(9, octets: 9))
            let outcome = try await store.write([first, second])
            #expect(outcome.conflicts == [first.reference])
            #expect(try await load(store, first.row) == first.written)
        }
    }

    @Test func `puts the earlier session of a reused key into the history, in the same write`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let first = SessionWrite(previous: nil, row: .sample(1).later(60, octets: 60))
            _ = try await store.write([first])
            let next = SessionRow.sample(1, startedAt: Installation.noon + 600)
            let write = SessionWrite(previous: first.written, row: next, archived: [first.row.stopped])
            #expect(try await store.write([write]).conflicts.isEmpty)
            #expect(try await load(store, next) == write.written)
            #expect(try await here.count("SELECT count(*) FROM access.session") == 1)
            #expect(try await store.write([write]).conflicts == [next.reference], "again, after an unknown outcome")
            #expect(try await here.count("SELECT count(*) FROM access.every_session") == 2)
        }
    }

    @Test func `moves closed sessions to the history and finds them there`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let writes = (1...10).map { number in
                let row = SessionRow.sample(number).later(60, octets: 1)
                return SessionWrite(previous: nil, row: number <= 7 ? row.stopped : row)
            }
            _ = try await store.write(writes)
            #expect(try await store.moveToHistory(endedBefore: Installation.noon + 60) == 0)
            #expect(try await store.moveToHistory(endedBefore: Installation.noon + 61, limit: 5) == 5)
            #expect(try await store.moveToHistory(endedBefore: Installation.noon + 61) == 2)
            let loaded = try await store.load(writes.map(\.reference), historySince: .distantPast)
            #expect(loaded.values.count { $0.place == .history } == 7)
            #expect(loaded.mapValues(\.row) == Dictionary(uniqueKeysWithValues: writes.map { ($0.reference, $0.row) }))
            #expect(try await store.load(writes.map(\.reference), historySince: nil).count == 3)
            #expect(try await store.load(writes.map(\.reference), historySince: Installation.noon + 1).count == 3)
        }
    }

    @Test func `takes a session back from the history for a late record, once`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let stopped = SessionWrite(previous: nil, row: .sample(1).later(60, octets: 60).stopped)
            _ = try await store.write([stopped])
            _ = try await store.moveToHistory(endedBefore: .distantFuture)
            let past = try #require(try await load(store, stopped.row))
            #expect(past == LoadedSession(stopped.row, place: .history))
            var reopened = stopped.row.later(90, octets: 90)
            reopened.stoppedAt = nil
            let write = SessionWrite(previous: past, row: reopened, usage: UsageDelta.between(stopped.row, reopened))
            #expect(try await store.write([write]).conflicts.isEmpty)
            #expect(try await store.write([write]).conflicts == [write.reference])
            #expect(try await load(store, reopened) == write.written)
            #expect(try await here.count("SELECT count(*) FROM access.every_session") == 1)
            let usage = try await UsageStore(here.access).load([.account(1)], on: day)
            #expect(usage[.account(1)] == Usage(seconds: 30, inputOctets: 30, outputOctets: 300))
        }
    }

    @Test func `leaves both where they are when a session of the history has a live successor`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let stopped = SessionWrite(previous: nil, row: .sample(1).later(60, octets: 60).stopped)
            _ = try await store.write([stopped])
            _ = try await store.moveToHistory(endedBefore: .distantFuture)
            let past = LoadedSession(stopped.row, place: .history)
            let successor = SessionWrite(previous: nil, row: .sample(1, startedAt: Installation.noon + 600))
            _ = try await store.write([successor])
            let late = SessionWrite(previous: past, row: stopped.row.later(90, octets: 90))
            await #expect(throws: StoreError(.contended, "")) { try await store.write([late]) }
            #expect(try await here.count("SELECT count(*) FROM access.every_session") == 2)
            #expect(try await load(store, successor.row) == successor.written)
        }
    }

    @Test func `lets a session follow one that is in the history already`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let stopped = SessionWrite(previous: nil, row: .sample(1).later(60, octets: 60).stopped)
            _ = try await store.write([stopped])
            _ = try await store.moveToHistory(endedBefore: .distantFuture)
            let past = LoadedSession(stopped.row, place: .history)
            let next = SessionRow.sample(1, startedAt: Installation.noon + 600)
            let write = SessionWrite(previous: past, row: next, archived: [stopped.row])
            #expect(write.row.version == 1)
            #expect(try await store.write([write]).conflicts.isEmpty)
            #expect(try await here.count("SELECT count(*) FROM access.every_session") == 2)
        }
    }

    @Test func `survives two nodes that write the same sessions in opposite order`() async throws {
        try await Installation.with { here in
            let store = SessionStore(here.access)
            let rival = SessionStore(here.owner)
            let rows = (1...200).map { SessionRow.sample($0) }
            _ = try await store.write(rows.map { SessionWrite(previous: nil, row: $0) })
            for round in 1...5 {
                let now = try await store.load(rows.map(\.reference), historySince: nil)
                let writes = now.values.map {
                    SessionWrite(previous: $0, row: $0.row.later(Int64(round), octets: Int64(round)))
                }
                async let mine = store.write(writes)
                async let theirs = rival.write(writes.reversed())
                let (a, b) = try await (mine.conflicts, theirs.conflicts)
                #expect(a.count + b.count == 200)
                #expect(a.isDisjoint(with: b))
            }
        }
    }
}
