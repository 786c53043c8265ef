/// What makes two statements the same prepared statement.
struct StatementKey: Hashable, Sendable {
    let sql: String
    let types: [PostgresType]

    // The text nearly always decides; hashing the types as well would cost for nothing.
    func hash(into hasher: inout Hasher) { hasher.combine(sql) }
}

/// The prepared statements of one connection, at most `capacity`; the least recently used goes first.
struct StatementCache {
    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    let capacity: Int
    private var entries: [StatementKey: Entry] = [:]
    private var clock: UInt64 = 0
    private var named: UInt64 = 0

    init(capacity: Int) { self.capacity = max(capacity, 1) }

    var count: Int { entries.count }

    /// The name of a prepared statement, which is now the most recently used.
    mutating func use(_ key: StatementKey) -> String? {
        clock += 1
        return touch(key)
    }

    private mutating func touch(_ key: StatementKey) -> String? {
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = clock
        return entries.values[index].name
    }

    /// A name never used before on this connection.
    mutating func newName() -> String {
        named += 1
        return "s\(named)"
    }

    mutating func insert(_ key: StatementKey, name: String) {
        clock += 1
        entries[key] = Entry(name: name, lastUse: clock)
    }

    mutating func remove(_ key: StatementKey) { entries[key] = nil }

    /// Forgets the least recently used until there is room for `count` more, sparing `needed`; returns their names.
    mutating func makeRoom(for count: Int, sparing needed: Set<StatementKey>) -> [String] {
        var evicted: [String] = []
        while entries.count + count > capacity {
            let candidates = entries.filter { !needed.contains($0.key) }
            guard let oldest = candidates.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
            entries[oldest.key] = nil
            evicted.append(oldest.value.name)
        }
        return evicted
    }
}
