/// Which way a User-Name goes: the exact realm first, then the longest suffix, then `*`.
///
/// What names no realm, what is no NAI, and a realm without a rule stay here: with `@` or without, it may be the name of
/// an account of ours.
struct RealmTable: Sendable {
    /// Where a login goes.
    enum Route: Hashable, Sendable {
        case here, refused
        /// Index of a pool.
        case pool(Int)
    }

    private var exact: [String: Route] = [:]
    private var suffixes: [String: Route] = [:]
    private var fallback = Route.here

    /// A table of rules whose patterns and pools are sound; the last of two rules for one pattern counts.
    init(_ rules: [RealmRule], pools: [String]) {
        for rule in rules {
            let route: Route
            switch rule.target {
            case .local: route = .here
            case .reject: route = .refused
            case .pool(let name): route = pools.firstIndex(of: name).map(Route.pool) ?? .refused
            }
            let pattern = rule.pattern.lowercased()
            if pattern == "*" {
                fallback = route
            } else if pattern.hasPrefix("*.") {
                suffixes[String(pattern.dropFirst(2))] = route
            } else {
                exact[pattern] = route
            }
        }
    }

    /// The way of a User-Name.
    func route(_ userName: UnsafeRawBufferPointer) -> Route {
        guard case .realm(let realm) = NetworkAccessIdentifier(userName) else { return .here }
        return route(realm: realm)
    }

    private func route(realm: String) -> Route {
        if let route = exact[realm] { return route }
        var rest = realm[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if let route = suffixes[String(rest)] { return route }
        }
        return fallback
    }
}
