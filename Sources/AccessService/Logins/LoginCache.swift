import Synchronization
internal import Territory

/// The logins in memory, read by the packet threads and filled by the loader.
///
/// Bound: `capacity` entries, about 700 bytes each (``LoginTable`` says which of them stay). An entry is dropped when the
/// change feed names a row it was made of. When accounting changes what it counts it is looked up again, and kept for the
/// time that the store is away.
final class LoginCache: Sendable {
    private final class TableShard: Sendable { let table = Mutex(LoginTable()) }
    private final class IndexShard: Sendable { let index = Mutex(LoginIndex()) }

    private static let shardCount = 64
    private let tables = (0..<shardCount).map { _ in TableShard() }
    private let indexes = (0..<shardCount).map { _ in IndexShard() }
    private let perShard: Int
    /// Set when everything known so far is doubtful: entries loaded before are as old as can be.
    private let doubtedBefore = Atomic<UInt64>(0)

    init(capacity: Int) {
        perShard = max(1, capacity / Self.shardCount)
    }

    /// The entry of a login, however old.
    func find(_ octets: UnsafeRawBufferPointer, site: Int64) -> LoginEntry? {
        let hash = LoginName.hash(octets, site: site)
        let entry = shard(hash).table.withLock { $0.find(hash) }
        guard let entry, entry.name.matches(octets, site: site) else { return nil }
        return entry
    }

    /// Keeps an entry, unless a row it was made of has changed since its look-up began.
    ///
    /// The table comes first and the index second: a change in between is then seen by the index.
    func insert(_ entry: LoginEntry) {
        let former = shard(entry.hash).table.withLock { $0.insert(entry, entry.hash, limit: perShard) }
        var forgotten: [UInt64] = []
        entry.forEachDependency { reference in
            forgotten += indexShard(reference).index.withLock {
                $0.note(reference, entry.hash, askedAt: entry.askedAt)
            }
        }
        // Once all rows are noted, or those noted after the drop would stay in the index.
        drop(forgotten)
        if let former { unindex(former, followedBy: former.hash == entry.hash ? entry : nil) }
    }

    /// Drops what was made of a row. `now` is the monotonic instant.
    func invalidate(_ reference: SubjectReference, now: UInt64) {
        drop(indexShard(reference).index.withLock { $0.change(reference, now: now, limit: perShard) })
    }

    /// Says that what accounting counts of a subject has changed: its logins are not used again without asking, but while
    /// the store is away. `now` is the monotonic instant.
    func outdate(_ subject: SubjectReference, now: UInt64) {
        let hashes = indexShard(subject).index.withLock { $0.count(subject, now: now, limit: perShard) }
        for hash in hashes { shard(hash).table.withLock { $0.peek(hash) }?.outdate() }
    }

    private func drop(_ hashes: [UInt64]) {
        for hash in hashes {
            if let entry = shard(hash).table.withLock({ $0.remove(hash) }) { unindex(entry) }
        }
    }

    /// Takes an entry that is no longer in the table out of the index, but for the rows that the `newer` one of its login
    /// is made of too. Without a newer one: if its login comes back meanwhile, it is indexed, or about to be, and that
    /// stays.
    private func unindex(_ entry: LoginEntry, followedBy newer: LoginEntry? = nil) {
        entry.forEachDependency { reference in
            var isShared = false
            newer?.forEachDependency { isShared = isShared || $0 == reference }
            guard !isShared else { return }
            indexShard(reference).index.withLock { index in
                let isBack = newer == nil && shard(entry.hash).table.withLock { $0.peek(entry.hash) != nil }
                if !isBack { index.forget(reference, entry.hash) }
            }
        }
    }

    /// Makes every entry stale without dropping it: survival mode still finds it. After a gap in the change feed.
    func doubtEverything(now: UInt64) { doubtedBefore.store(now, ordering: .relaxed) }

    /// Whether an entry may be used without asking: younger than `lifetime`, not outdated and not in doubt.
    func isFresh(_ entry: LoginEntry, now: UInt64, lifetime: UInt64) -> Bool {
        (now <= entry.askedAt || now - entry.askedAt <= lifetime) && !entry.isOutdated
            && entry.askedAt > doubtedBefore.load(ordering: .relaxed)
    }

    /// Entries held now.
    var count: Int { tables.reduce(0) { $0 + $1.table.withLock { $0.count } } }

    /// Rows that entries are known to be made of.
    var indexedCount: Int { indexes.reduce(0) { $0 + $1.index.withLock { $0.count } } }

    private func shard(_ hash: UInt64) -> TableShard { tables[Int(hash >> 58)] }

    private func indexShard(_ reference: SubjectReference) -> IndexShard {
        indexes[Int(UInt64(bitPattern: reference.id) % UInt64(Self.shardCount))]
    }
}
