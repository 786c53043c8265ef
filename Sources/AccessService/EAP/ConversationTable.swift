/// The conversations under way, by the name in their State.
///
/// Bounds: `capacity` conversations; `silence` nanoseconds since a peer was last heard of. When there is no room, the oldest
/// conversation of the NAS that has the most gives way, so that a NAS that floods takes its own places only.
struct ConversationTable {
    private struct Entry {
        let exchange: EAPExchange
        var heardAt: UInt64
    }

    /// Those of one NAS by age; names of conversations that have ended stay until they are come across.
    private struct Line {
        var names: ArraySlice<ConversationKey> = []
        var count = 0
    }

    private var entries: [ConversationKey: Entry] = [:]
    private var lines: [Int64: Line] = [:]
    private var nextSweep: UInt64 = 0
    private let capacity: Int
    private let silence: UInt64
    /// Conversations given up because there was no room, and because the peer went silent.
    private(set) var evicted: UInt64 = 0, expired: UInt64 = 0

    init(capacity: Int, silence: UInt64) { (self.capacity, self.silence) = (max(1, capacity), silence) }

    var count: Int { entries.count }

    /// Adds a conversation.
    mutating func insert(_ exchange: EAPExchange, now: UInt64) {
        sweep(now)
        if entries.count >= capacity { evict() }
        entries[exchange.key] = Entry(exchange: exchange, heardAt: now)
        lines[exchange.nas, default: Line()].names.append(exchange.key)
        lines[exchange.nas]?.count += 1
    }

    /// The conversation of a State that this NAS sent back, which is thereby heard of.
    mutating func find(_ key: ConversationKey, nas: Int64, now: UInt64) -> EAPExchange? {
        sweep(now)
        guard let entry = entries[key], entry.exchange.nas == nas, !isSilent(entry, now) else { return nil }
        entries[key]?.heardAt = now
        return entry.exchange
    }

    /// Ends a conversation.
    mutating func remove(_ exchange: EAPExchange) {
        guard entries.removeValue(forKey: exchange.key) != nil else { return }
        let nas = exchange.nas
        guard var line = lines.removeValue(forKey: nas) else { return }
        line.count -= 1
        if line.count == 0 { return }
        // Names of those that have ended never outnumber the others by much.
        if line.names.count > 2 * line.count + 16 {
            line.names = ArraySlice(line.names.filter { entries[$0] != nil })
        }
        lines[nas] = line
    }

    private func isSilent(_ entry: Entry, _ now: UInt64) -> Bool {
        now > entry.heardAt && now - entry.heardAt > silence
    }

    /// Once a second at most: forgets those whose peer has gone silent.
    private mutating func sweep(_ now: UInt64) {
        guard now >= nextSweep else { return }
        nextSweep = now &+ 1_000_000_000
        for entry in entries.values.filter({ isSilent($0, now) }) {
            remove(entry.exchange)
            expired &+= 1
        }
    }

    private mutating func evict() {
        guard let nas = lines.max(by: { $0.value.count < $1.value.count })?.key else { return }
        while let key = lines[nas]?.names.popFirst() {
            guard let entry = entries[key] else { continue }
            remove(entry.exchange)
            evicted &+= 1
            return
        }
    }
}
