internal import Foundation
internal import Territory

/// Finds whose usage a session is when the NAS does not echo our Class: by User-Name, from memory or in one look-up.
struct SubjectResolver: Sendable {
    private let loader: LoginLoader
    private let cache: LoginCache
    private let clock: AccessClock

    init(loader: LoginLoader, cache: LoginCache, clock: AccessClock) {
        (self.loader, self.cache, self.clock) = (loader, cache, clock)
    }

    /// The records with their subjects, as far as they have one. Throws what the store throws.
    func resolve(_ records: [AccountingRecord]) async throws -> [AccountingRecord] {
        guard records.contains(where: { $0.subject == nil && $0.userName != nil }) else { return records }
        var resolved = records
        var missing: [LoginName: SiteID] = [:]
        var waiting: [(Int, LoginName)] = []
        for (index, record) in records.enumerated()
        where record.subject == nil && record.kind != .on && record.kind != .off {
            guard let name = Self.name(record) else { continue }
            if let entry = name.octets.withUnsafeBytes({ cache.find($0, site: name.site) }) {
                resolved[index].subject = entry.known?.subject.reference
                // Who was nobody a while ago may be somebody now.
                if entry.known != nil || clock.monotonic() &- entry.askedAt < 10_000_000_000 { continue }
            }
            missing[name] = record.siteID
            waiting.append((index, name))
        }
        guard !missing.isEmpty else { return resolved }
        let entries = try await loader.load(missing)
        for (index, name) in waiting { resolved[index].subject = entries[name]?.known?.subject.reference }
        return resolved
    }

    private static func name(_ record: AccountingRecord) -> LoginName? {
        guard let text = record.userName, !text.isEmpty else { return nil }
        let isDevice = MACAddress(text).map(\.description) == record.callingStation
        return Array(text.utf8).withUnsafeBytes { LoginName($0, site: isDevice ? record.siteID.rawValue : 0) }
    }
}
