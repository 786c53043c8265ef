import Logging
import Synchronization
import Territory

/// The sites this node has served of late, dropped when the database says they changed.
///
/// A page needs nothing else from the database, so while it is away known sites keep their first page. At most
/// `capacity` entries; above that all are dropped, which costs one query for each site that is still asked for.
final class SiteDirectory: Sendable {
    /// What a look-up found.
    enum Found: Sendable {
        case site(SiteEntry)
        case none
    }

    /// Entries are read again after that time, in case the change feed missed one.
    static let maximumAge: Duration = .seconds(60)
    /// Names that are no site's are believed for that long.
    static let negativeAge: Duration = .seconds(5)
    static let capacity = 5_000

    private struct Cached {
        let found: Found
        let loadedAt: ContinuousClock.Instant
    }

    private struct State {
        var bySlug: [String: Cached] = [:]
        /// Counts invalidations: what was read before one must not be kept after it.
        var generation = 0
    }

    private let state = Mutex(State())
    private let load: @Sendable (String) async throws(PortalError) -> SiteEntry?

    /// - Parameter load: reads a site by its slug; nil when there is none.
    init(load: @escaping @Sendable (String) async throws(PortalError) -> SiteEntry?) { self.load = load }

    /// The entry if it is at hand and young enough: no waiting.
    func cached(_ slug: String, at now: ContinuousClock.Instant = .now) -> Found? {
        guard let cached = state.withLock({ $0.bySlug[slug] }) else { return nil }
        return cached.loadedAt.duration(to: now) < Self.age(cached.found) ? cached.found : nil
    }

    /// The entry, read from the database where it is not at hand. While the database is away an old entry serves.
    ///
    /// Throws `.unavailable` when the database is away and there is none.
    func find(_ slug: String) async throws(PortalError) -> SiteEntry? {
        guard Slug(rawValue: slug) != nil else { return nil }
        if let found = cached(slug) { return Self.entry(found) }
        let (generation, old) = state.withLock { ($0.generation, $0.bySlug[slug]?.found) }
        do {
            let found = try await load(slug).map(Found.site) ?? .none
            state.withLock { state in
                guard state.generation == generation else { return }
                if state.bySlug.count >= Self.capacity { state.bySlug.removeAll() }
                state.bySlug[slug] = Cached(found: found, loadedAt: .now)
            }
            return Self.entry(found)
        } catch {
            guard error.code == .unavailable, case .site(let entry) = old else { throw error }
            return entry
        }
    }

    /// Marks everything old: the next request reads it again, and has the old to fall back on.
    func invalidate() {
        state.withLock { state in
            state.generation += 1
            let past = ContinuousClock.Instant.now - Self.maximumAge
            state.bySlug = state.bySlug.mapValues { Cached(found: $0.found, loadedAt: past) }
        }
    }

    private static func entry(_ found: Found) -> SiteEntry? {
        if case .site(let entry) = found { entry } else { nil }
    }

    private static func age(_ found: Found) -> Duration {
        switch found {
        case .site: maximumAge
        case .none: negativeAge
        }
    }
}
