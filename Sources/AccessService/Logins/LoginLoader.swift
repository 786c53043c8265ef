internal import Foundation
internal import Store
import Synchronization
internal import Territory

/// Reads logins from the store into the cache: any number of names in one statement.
struct LoginLoader: Sendable {
    private let lookup: LoginLookup
    private let cache: LoginCache
    private let keys: InstallationKeys
    private let calendar: SiteCalendar
    private let clock: AccessClock
    private let rights = Pool()

    private final class Pool: Sendable {
        let pool = Mutex(RightsPool())
        func sharing(_ subject: Subject) -> Subject { pool.withLock { $0.sharing(subject) } }
    }

    init(
        lookup: LoginLookup, cache: LoginCache, keys: InstallationKeys, calendar: SiteCalendar, clock: AccessClock
    ) {
        (self.lookup, self.cache, self.keys) = (lookup, cache, keys)
        (self.calendar, self.clock) = (calendar, clock)
    }

    /// The entries of names, each with the site whose calendar its usage is of; they are in the cache too, those that
    /// nobody has as such. Throws what the store throws.
    func load(_ wanted: [LoginName: SiteID]) async throws -> [LoginName: LoginEntry] {
        let now = clock.calendar()
        let askedAt = clock.monotonic()
        var entries: [LoginName: LoginEntry] = [:]
        entries.reserveCapacity(wanted.count)
        var byDay: [CivilDay: [(LoginName, LoginKey)]] = [:]
        for (name, site) in wanted {
            let day = calendar.day(of: now, at: site)
            if let key = name.key {
                byDay[day, default: []].append((name, key))
            } else {
                entries[name] = LoginEntry(name, nil, keys: keys, day: day, askedAt: askedAt)
            }
        }
        for (day, names) in byDay {
            var rest = names[...]
            while !rest.isEmpty {
                let part = rest.prefix(LoginLookup.largestBatch)
                rest = rest.dropFirst(part.count)
                // Two spellings of one login are asked for twice, which is rare and harms nothing.
                let found = try await lookup.find(part.map(\.1), usageOn: day, now: now)
                for (name, key) in part {
                    entries[name] = LoginEntry(
                        name, found[key], keys: keys, day: day, askedAt: askedAt, sharing: rights.sharing)
                }
            }
        }
        for entry in entries.values { cache.insert(entry) }
        return entries
    }
}
