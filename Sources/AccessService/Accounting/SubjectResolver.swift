internal import Foundation
internal import Store
import Synchronization
internal import Territory

/// Finds whose usage a session is when the NAS does not echo our Class: by User-Name, from memory or in one look-up.
///
/// Whose a name is does not change while it is in use, whatever its rights and usage do; so it is remembered apart from
/// the login. Bound: `capacity` names in two generations, about 120 bytes each. That a name is nobody's is believed for
/// seconds.
final class SubjectResolver: Sendable {
    private struct Memory {
        var young: [LoginName: Answer] = [:]
        var old: [LoginName: Answer] = [:]
    }

    private struct Answer {
        var subject: SubjectReference?
        var askedAt: UInt64
    }

    private static let nobodyLifetime: UInt64 = 10_000_000_000
    private static let lifetime: UInt64 = 600_000_000_000
    private let lookup: LoginLookup
    private let clock: AccessClock
    private let perGeneration: Int
    private let memory = Mutex(Memory())

    init(lookup: LoginLookup, clock: AccessClock, capacity: Int) {
        (self.lookup, self.clock, perGeneration) = (lookup, clock, max(1, capacity / 2))
    }

    /// The records with their subjects, as far as they have one; those for which `isNeeded` is false are left as they are.
    /// Throws what the store throws.
    func resolve(_ records: [RecordBox], where isNeeded: (RecordBox) -> Bool) async throws -> [RecordBox] {
        var resolved = records
        var waiting: [(index: Int, name: LoginName)] = []
        let now = clock.monotonic()
        for (index, box) in records.enumerated() where box.record.subject == nil && isNeeded(box) {
            guard let name = Self.name(box.record) else { continue }
            if let answer = remembered(name, now) {
                if let subject = answer.subject { resolved[index] = Self.box(box, subject) }
            } else {
                waiting.append((index, name))
            }
        }
        guard !waiting.isEmpty else { return resolved }
        let subjects = try await load(Set(waiting.map(\.name)))
        for (index, name) in waiting {
            if let subject = subjects[name] { resolved[index] = Self.box(records[index], subject) }
        }
        return resolved
    }

    /// Asks the store and remembers what it says, that a name is nobody's included.
    private func load(_ names: Set<LoginName>) async throws -> [LoginName: SubjectReference] {
        let now = clock.monotonic()
        var subjects: [LoginName: SubjectReference] = [:]
        var rest = names.map { ($0, $0.key) }[...]
        while !rest.isEmpty {
            let part = rest.prefix(LoginLookup.largestBatch)
            rest = rest.dropFirst(part.count)
            let found = try await lookup.subjects(of: Set(part.compactMap(\.1)), now: clock.calendar())
            for (name, key) in part {
                let subject = key.flatMap { found[$0] }
                subjects[name] = subject
                remember(name, Answer(subject: subject, askedAt: now))
            }
        }
        return subjects
    }

    private static func box(_ box: RecordBox, _ subject: SubjectReference) -> RecordBox {
        var record = box.record
        record.subject = subject
        return RecordBox(record)
    }

    private func remembered(_ name: LoginName, _ now: UInt64) -> Answer? {
        memory.withLock { memory -> Answer? in
            guard let answer = memory.young[name] ?? memory.old[name] else { return nil }
            let lifetime = answer.subject == nil ? Self.nobodyLifetime : Self.lifetime
            return now &- answer.askedAt < lifetime ? answer : nil
        }
    }

    private func remember(_ name: LoginName, _ answer: Answer) {
        memory.withLock { memory in
            if memory.young.count >= perGeneration {
                memory.old = memory.young
                memory.young = [:]
            }
            memory.young[name] = answer
        }
    }

    private static func name(_ record: AccountingRecord) -> LoginName? {
        guard record.kind != .on, record.kind != .off, let text = record.userName, !text.isEmpty else { return nil }
        let isDevice = text.utf8.count <= 17 && MACAddress(text).map(\.description) == record.callingStation
        return Array(text.utf8).withUnsafeBytes { LoginName($0, site: isDevice ? record.siteID.rawValue : 0) }
    }
}
