internal import Store
internal import Territory

/// The sessions written last, so that an interim needs no read. The store's version check catches a row that another node
/// has changed since.
///
/// Bound: `capacity` rows, about 800 bytes each, in two generations like the login cache.
struct SessionRowCache {
    /// A row is large: the tables move references.
    private final class Entry: Sendable {
        let session: LoadedSession
        init(_ session: LoadedSession) { self.session = session }
    }

    private var young: [SessionReference: Entry] = [:]
    private var old: [SessionReference: Entry] = [:]
    private let perGeneration: Int

    init(capacity: Int) { perGeneration = max(1, capacity / 2) }

    /// What was written or read last.
    mutating func find(_ reference: SessionReference) -> LoadedSession? {
        if let entry = young[reference] { return entry.session }
        guard let entry = old.removeValue(forKey: reference) else { return nil }
        insert(entry, reference)
        return entry.session
    }

    /// Whether `find` would find it.
    func holds(_ reference: SessionReference) -> Bool { young[reference] != nil || old[reference] != nil }

    /// Whose usage a remembered session is.
    func subject(of reference: SessionReference) -> SubjectReference? {
        (young[reference] ?? old[reference])?.session.row.subject
    }

    mutating func insert(_ session: LoadedSession) { insert(Entry(session), session.row.reference) }

    private mutating func insert(_ entry: Entry, _ reference: SessionReference) {
        if young.count >= perGeneration, young[reference] == nil {
            old = young
            young = [:]
        } else {
            old[reference] = nil
        }
        young[reference] = entry
    }

    mutating func forget(_ reference: SessionReference) {
        young[reference] = nil
        old[reference] = nil
    }

    mutating func forgetAll() {
        young = [:]
        old = [:]
    }
}
