/// The logins of one shard, and the clock that chooses which of them goes when another needs its place.
///
/// A hit sets a mark in the entry and moves nothing. The hand passes over what is marked, takes the mark away, and stops at
/// what nobody has asked for since it last came by: what is in use stays, up to the whole capacity, and making room costs a
/// few steps.
struct LoginTable {
    private var places: [UInt64: Int32] = [:]
    /// nil: a place in `free`.
    private var entries: [LoginEntry?] = []
    private var free: [Int32] = []
    private var hand = 0

    var count: Int { places.count }

    /// The entry, if it is there; nobody asks for it.
    func peek(_ hash: UInt64) -> LoginEntry? { places[hash].flatMap { entries[Int($0)] } }

    /// The entry of a login that somebody asks for.
    func find(_ hash: UInt64) -> LoginEntry? {
        let entry = peek(hash)
        entry?.markAsked()
        return entry
    }

    /// Keeps an entry, of at most `limit`; returns the one that it replaces or whose place it takes.
    mutating func insert(_ entry: LoginEntry, _ hash: UInt64, limit: Int) -> LoginEntry? {
        let place = places[hash].map(Int.init) ?? freePlace(limit)
        let former = entries[place]
        if let former, former.hash != hash { places[former.hash] = nil }
        entries[place] = entry
        places[hash] = Int32(place)
        return former
    }

    /// Gives up an entry, if it is there.
    mutating func remove(_ hash: UInt64) -> LoginEntry? {
        guard let place = places.removeValue(forKey: hash) else { return nil }
        free.append(place)
        defer { entries[Int(place)] = nil }
        return entries[Int(place)]
    }

    private mutating func freePlace(_ limit: Int) -> Int {
        if let place = free.popLast() { return Int(place) }
        if entries.count < limit {
            entries.append(nil)
            return entries.count - 1
        }
        // Ends within two rounds: the first takes all marks away, and no hit comes between, for the shard is locked.
        while true {
            let place = hand
            hand = place + 1 < entries.count ? place + 1 : 0
            if entries[place]?.takeMark() != true { return place }
        }
    }
}
