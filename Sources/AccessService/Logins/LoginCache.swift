import Synchronization
internal import Territory

/// The logins in memory, read by the packet threads and filled by the loader.
///
/// Bound: `capacity` entries, about 700 bytes each, in two generations: a hit in the old one moves the entry to the young
/// one, and when that holds half the capacity, what nobody asked for since goes. An entry is dropped when the change feed
/// names a row it was made of, or accounting changes what it counts.
final class LoginCache: Sendable {
    fileprivate struct Table {
        var young: [UInt64: LoginEntry] = [:]
        var old: [UInt64: LoginEntry] = [:]
    }

    fileprivate struct Index {
        /// Which entries were made of a row.
        var young: [SubjectReference: [UInt64]] = [:]
        var old: [SubjectReference: [UInt64]] = [:]
        /// When a row last changed, so that a look-up begun before that is not kept.
        var changedYoung: [SubjectReference: UInt64] = [:]
        var changedOld: [SubjectReference: UInt64] = [:]
    }

    private final class TableShard: Sendable { let table = Mutex(Table()) }
    private final class IndexShard: Sendable { let index = Mutex(Index()) }

    private static let shardCount = 64
    private let tables = (0..<shardCount).map { _ in TableShard() }
    private let indexes = (0..<shardCount).map { _ in IndexShard() }
    private let perGeneration: Int
    /// Set when everything known so far is doubtful: entries loaded before are as old as can be.
    private let doubtedBefore = Atomic<UInt64>(0)

    init(capacity: Int) {
        perGeneration = max(1, capacity / Self.shardCount / 2)
    }

    /// The entry of a login, however old.
    func find(_ octets: UnsafeRawBufferPointer, site: Int64) -> LoginEntry? {
        let hash = LoginName.hash(octets, site: site)
        let entry = shard(hash).table.withLock { table -> LoginEntry? in
            if let entry = table.young[hash] { return entry }
            guard let entry = table.old.removeValue(forKey: hash) else { return nil }
            table.insert(entry, hash, limit: perGeneration)
            return entry
        }
        guard let entry, entry.name.matches(octets, site: site) else { return nil }
        return entry
    }

    /// Keeps an entry, unless a row it was made of has changed since its look-up began.
    ///
    /// The table comes first and the index second: a change in between is then seen by the index.
    func insert(_ entry: LoginEntry) {
        let hash = entry.name.hashWord
        shard(hash).table.withLock { $0.insert(entry, hash, limit: perGeneration) }
        for reference in entry.dependencies {
            let forgotten = indexShard(reference).index.withLock { index -> [UInt64] in
                if let changed = index.changedYoung[reference] ?? index.changedOld[reference], changed >= entry.askedAt
                {
                    return [hash]
                }
                return index.note(reference, hash, limit: perGeneration)
            }
            drop(forgotten)
        }
    }

    private func drop(_ hashes: [UInt64]) {
        for hash in hashes {
            shard(hash).table.withLock { table in
                table.young[hash] = nil
                table.old[hash] = nil
            }
        }
    }

    /// Drops what was made of a row. `now` is the monotonic instant.
    func invalidate(_ reference: SubjectReference, now: UInt64) {
        let hashes = indexShard(reference).index.withLock { index -> [UInt64] in
            let young = index.young.removeValue(forKey: reference) ?? []
            let old = index.old.removeValue(forKey: reference) ?? []
            if index.changedYoung.count >= perGeneration {
                index.changedOld = index.changedYoung
                index.changedYoung = [:]
            }
            index.changedYoung[reference] = now
            return young + old
        }
        drop(hashes)
    }

    /// Makes every entry stale without dropping it: survival mode still finds it. After a gap in the change feed.
    func doubtEverything(now: UInt64) { doubtedBefore.store(now, ordering: .relaxed) }

    /// Whether an entry may be used without asking: younger than `lifetime` and not in doubt.
    func isFresh(_ entry: LoginEntry, now: UInt64, lifetime: UInt64) -> Bool {
        (now <= entry.askedAt || now - entry.askedAt <= lifetime)
            && entry.askedAt > doubtedBefore.load(ordering: .relaxed)
    }

    /// Entries held now.
    var count: Int {
        tables.reduce(0) { $0 + $1.table.withLock { $0.young.count + $0.old.count } }
    }

    private func shard(_ hash: UInt64) -> TableShard { tables[Int(hash >> 58)] }

    private func indexShard(_ reference: SubjectReference) -> IndexShard {
        indexes[Int(UInt64(bitPattern: reference.id) % UInt64(Self.shardCount))]
    }
}

extension LoginCache.Table {
    fileprivate mutating func insert(_ entry: LoginEntry, _ hash: UInt64, limit: Int) {
        if young.count >= limit, young[hash] == nil {
            old = young
            young = [:]
        } else {
            old[hash] = nil
        }
        young[hash] = entry
    }
}

extension LoginCache.Index {
    /// Remembers that an entry was made of a row; returns the entries that must go because the index has no room for
    /// what they were made of, and a change of it would not find them.
    fileprivate mutating func note(_ reference: SubjectReference, _ hash: UInt64, limit: Int) -> [UInt64] {
        var forgotten: [UInt64] = []
        // Twice the table's generation: an entry may be made of several rows.
        if young.count >= 2 * limit, young[reference] == nil {
            forgotten = old.values.flatMap(\.self)
            old = young
            young = [:]
        }
        var hashes = young[reference] ?? old.removeValue(forKey: reference) ?? []
        if !hashes.contains(hash) { hashes.append(hash) }
        // A login spelled in many ways.
        if hashes.count > 64 { forgotten.append(hashes.removeFirst()) }
        young[reference] = hashes
        return forgotten
    }
}
