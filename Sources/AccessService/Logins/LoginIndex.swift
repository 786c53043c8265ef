internal import Territory

/// Which logins in memory were made of a row, and when rows changed.
struct LoginIndex {
    /// The hashes of logins; nearly always there is one, which then needs no array.
    private enum Hashes {
        case one(UInt64)
        case several([UInt64])

        var all: [UInt64] {
            switch self {
            case .one(let hash): [hash]
            case .several(let hashes): hashes
            }
        }
    }

    /// Spellings of one login that are followed; with more, the oldest leaves memory.
    private static let spellings = 64

    private var made: [SubjectReference: Hashes] = [:]
    /// When a row last changed, so that a look-up begun before that is not kept. Two generations: what has not changed for
    /// as long as it takes others to fill one is forgotten.
    private var changedYoung: [SubjectReference: UInt64] = [:]
    private var changedOld: [SubjectReference: UInt64] = [:]

    var count: Int { made.count }

    /// Notes that a login was made of a row, as read at `askedAt`; returns the logins that must leave memory: this one, if
    /// the row has changed since, or one that there is no room to follow.
    mutating func note(_ reference: SubjectReference, _ hash: UInt64, askedAt: UInt64) -> [UInt64] {
        if let changed = changedYoung[reference] ?? changedOld[reference], changed >= askedAt { return [hash] }
        guard let known = made[reference] else {
            made[reference] = .one(hash)
            return []
        }
        var hashes = known.all
        guard !hashes.contains(hash) else { return [] }
        hashes.append(hash)
        let forgotten = hashes.count > Self.spellings ? [hashes.removeFirst()] : []
        made[reference] = .several(hashes)
        return forgotten
    }

    /// A login that was made of a row is no longer in memory.
    mutating func forget(_ reference: SubjectReference, _ hash: UInt64) {
        switch made[reference] {
        case nil: break
        case .one(let known): if known == hash { made[reference] = nil }
        case .several(let known):
            let rest = known.filter { $0 != hash }
            made[reference] = rest.isEmpty ? nil : .several(rest)
        }
    }

    /// A row has changed; returns the logins that were made of it, which leave memory.
    mutating func change(_ reference: SubjectReference, now: UInt64, limit: Int) -> [UInt64] {
        note(changed: reference, now: now, limit: limit)
        return made.removeValue(forKey: reference)?.all ?? []
    }

    /// What is counted of a row has changed; returns the logins that were made of it.
    mutating func count(_ reference: SubjectReference, now: UInt64, limit: Int) -> [UInt64] {
        note(changed: reference, now: now, limit: limit)
        return made[reference]?.all ?? []
    }

    private mutating func note(changed reference: SubjectReference, now: UInt64, limit: Int) {
        if changedYoung.count >= limit, changedYoung[reference] == nil {
            changedOld = changedYoung
            changedYoung = [:]
        }
        changedYoung[reference] = now
    }
}
