internal import Store
internal import Territory

/// The sessions written last, so that an interim needs no read. The store's version check catches a row that another node
/// has changed since.
///
/// Bound: `capacity` rows, about 800 bytes each, in two generations like the login cache.
struct SessionRowCache {
    private var young: [SessionReference: LoadedSession] = [:]
    private var old: [SessionReference: LoadedSession] = [:]
    private let perGeneration: Int

    init(capacity: Int) { perGeneration = max(1, capacity / 2) }

    /// What was written or read last.
    mutating func find(_ reference: SessionReference) -> LoadedSession? {
        if let session = young[reference] { return session }
        guard let session = old.removeValue(forKey: reference) else { return nil }
        insert(session)
        return session
    }

    mutating func insert(_ session: LoadedSession) {
        let reference = session.row.reference
        if young.count >= perGeneration, young[reference] == nil {
            old = young
            young = [:]
        } else {
            old[reference] = nil
        }
        young[reference] = session
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
