internal import Foundation
internal import OpenSSL
internal import Store
internal import Territory

/// Folds accounting records into session rows and stores them, each batch in one write.
///
/// Its committer has one batch in flight at a time. The drainer of the spool may use it beside the committer for a moment,
/// and other nodes always do: versions find out who was first, and the other reads again.
actor SessionWriter {
    /// How often a session that other nodes change under us is tried again before the batch is given up.
    private static let attempts = 8

    private let sessions: SessionStore
    private let subjects: SubjectResolver
    private let calendar: SiteCalendar
    private let logins: LoginCache
    private let notes: UsageNotes
    private let clock: AccessClock
    private var cache: SessionRowCache
    private var random = RandomWords()

    init(
        sessions: SessionStore, subjects: SubjectResolver, calendar: SiteCalendar, logins: LoginCache,
        notes: UsageNotes, clock: AccessClock, capacity: Int
    ) {
        (self.sessions, self.subjects, self.calendar) = (sessions, subjects, calendar)
        (self.logins, self.notes, self.clock) = (logins, notes, clock)
        cache = SessionRowCache(capacity: capacity)
    }

    /// Stores records in their order; all of it is durable when this returns. After an error some of it may be stored,
    /// and storing the same records again is safe: what is in a row adds nothing.
    func store(_ records: [RecordBox]) async throws {
        do {
            let records = try await subjects.resolve(records) { self.cache.subject(of: $0.reference) == nil }
            var rest = records[...]
            while !rest.isEmpty {
                let end = rest.firstIndex(where: \.isAboutNAS) ?? rest.endIndex
                try await storeSessions(rest[..<end])
                if end < rest.endIndex { try await closeAll(by: rest[end].record) }
                rest = rest[min(end + 1, rest.endIndex)...]
            }
        } catch {
            // What is stored by now is not known; the next batch reads the rows again.
            cache.forgetAll()
            throw error
        }
    }

    /// Stores records as `store` does, but for those that PostgreSQL refuses as they are: the others are stored, and the
    /// indexes of the refused are returned. One poison record costs a few writes more, not its neighbours.
    func storeEach(_ records: [RecordBox]) async throws -> [Int] {
        do {
            try await store(records)
            return []
        } catch  where StoreError.isRefusal(error) {
            guard records.count > 1 else { return Array(records.indices) }
            let middle = records.count / 2
            let first = try await storeEach(Array(records[..<middle]))
            let second = try await storeEach(Array(records[middle...]))
            return first + second.map { $0 + middle }
        }
    }

    /// Forgets rows that were changed behind this writer's back.
    func forget(_ references: [SessionReference]) {
        for reference in references { cache.forget(reference) }
    }

    private func closeAll(by record: AccountingRecord) async throws {
        forget(try await sessions.closeAll(by: record))
    }

    /// The system's random words, fetched many at a time: each fetch is a system call.
    private struct RandomWords {
        private var words: [UInt64] = []

        mutating func next() -> UInt64 {
            if let word = words.popLast() { return word }
            let octets = SecureRandom.bytes(4_096)
            words = octets.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
            return words.popLast() ?? .random(in: .min ... .max)
        }
    }

    /// The records of one session, in order.
    private struct Group {
        let first: RecordBox
        var rest: [RecordBox] = []
        var reference: SessionReference { first.reference }
    }

    private func storeSessions(_ records: ArraySlice<RecordBox>) async throws {
        var pending = Self.grouped(records)
        var attempt = 0
        while !pending.isEmpty {
            attempt += 1
            guard attempt <= Self.attempts else { throw StoreError(.contended, "sessions") }
            try await load(pending, isFirstAttempt: attempt == 1)
            var writes: [SessionWrite] = []
            writes.reserveCapacity(pending.count)
            for group in pending {
                if let write = fold(group) { writes.append(write) }
            }
            let conflicts = try await sessions.write(writes).conflicts
            for write in writes where !conflicts.contains(write.reference) { remember(write) }
            notes.note(conflicts.isEmpty ? writes : writes.filter { !conflicts.contains($0.reference) })
            for reference in conflicts { cache.forget(reference) }
            pending = pending.filter { conflicts.contains($0.reference) }
        }
    }

    /// The records of each session, sessions in the order of their first record.
    private static func grouped(_ records: ArraySlice<RecordBox>) -> [Group] {
        var groups: [Group] = []
        groups.reserveCapacity(records.count)
        var positions: [SessionReference: Int] = [:]
        positions.reserveCapacity(records.count)
        for record in records {
            if let position = positions[record.reference] {
                groups[position].rest.append(record)
            } else {
                positions[record.reference] = groups.count
                groups.append(Group(first: record))
            }
        }
        return groups
    }

    /// Reads the rows that are not remembered. A session that begins with a Start of this minute is taken for new without
    /// a look: were it there after all, the write says so and it is read at the next attempt. What else is unknown may
    /// have ended long ago and is looked for in the history too.
    private func load(_ groups: [Group], isFirstAttempt: Bool) async throws {
        var wanted: [SessionReference] = []
        let now = clock.calendar()
        for group in groups where !cache.holds(group.reference) {
            let first = group.first.record
            let begins = first.kind == .start && abs(now.timeIntervalSince(first.eventTime.date)) < 60
            if !begins || !isFirstAttempt { wanted.append(group.reference) }
        }
        guard !wanted.isEmpty else { return }
        let history = now.addingTimeInterval(-Double(SessionStore.historyDays) * 86_400)
        for session in try await sessions.load(wanted, historySince: history).values { cache.insert(session) }
    }

    private func fold(_ group: Group) -> SessionWrite? {
        var fold = SessionFold(from: cache.find(group.reference))
        apply(group.first.record, to: &fold)
        for box in group.rest { apply(box.record, to: &fold) }
        return fold.write
    }

    private func apply(_ record: AccountingRecord, to fold: inout SessionFold) {
        let day = calendar.day(of: record.eventTime.date, at: record.siteID)
        _ = fold.apply(record, on: day) {
            UUID.timeOrdered(at: record.receivedAt, random: (random.next(), random.next()))
        }
    }

    private func remember(_ write: SessionWrite) {
        cache.insert(write.written)
        let now = clock.monotonic()
        if let subject = write.row.subject, changesDecision(write) { logins.outdate(subject, now: now) }
        for delta in write.usage where delta.subject != write.row.subject { logins.outdate(delta.subject, now: now) }
    }

    /// Whether a login of the subject could be decided differently now: it used something, or a device came or went.
    private func changesDecision(_ write: SessionWrite) -> Bool {
        !write.usage.isEmpty || write.previous?.row.isOpen != write.row.isOpen
    }
}
