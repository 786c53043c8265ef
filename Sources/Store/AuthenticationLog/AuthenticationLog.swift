internal import Foundation
public import Postgres
public import Territory

/// The log of authentication decisions (`access.auth_event`), partitioned by day of UTC.
public struct AuthenticationLog: Sendable {
    /// Events of one statement at most.
    public static let largestBatch = 2_000
    /// Days that are kept where nothing else is said: retention class C7. A site's package may say less.
    public static let defaultKeptDays = 90

    /// The commit is not waited for on disk: a crash of the server may lose the last half second of the log. It commits
    /// alone, so nothing else loses its durability.
    private static let settings = [Setting("synchronous_commit", "off")]
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Stores a batch, all of it or nothing.
    ///
    /// Not to be repeated after an error: an event has no key, and one that is lost does less harm than one told twice.
    public func store(_ events: [AuthenticationEvent], by node: String) async throws {
        guard !events.isEmpty else { return }
        guard events.count <= Self.largestBatch else { throw StoreError(.invalid, "events at once: \(events.count)") }
        let columns = AuthenticationColumns(events, node: node)
        try await client.write(
            SQL(AuthenticationColumns.insertion, binding: columns.parameters), settings: Self.settings,
            repeatable: false, timeout: .seconds(2))
    }

    /// Makes the partitions of `days` days from `day` on; returns how many were missing. Once a day is enough, with seven.
    @discardableResult
    public func ensurePartitions(from day: CivilDay, days: Int) async throws -> Int {
        let rows = try await client.write(
            "SELECT access.ensure_auth_event_partitions(\(day.description)::text::date, \(Int32(clamping: days)))",
            repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }

    /// Deletes the events of sites that keep them for fewer days than the partitions live: those before the start, in UTC, of
    /// the day given for each site, but never of the running day. Returns how many.
    ///
    /// What was forgotten once is not looked for again. Safe to repeat and to run on several nodes at once.
    @discardableResult
    public func forget(before days: [SiteID: CivilDay]) async throws -> Int {
        guard !days.isEmpty else { return 0 }
        var (sites, instants) = (ArrayParameter.int8(days.count), ArrayParameter.timestamptz(days.count))
        for (site, day) in days.sorted(by: { $0.key < $1.key }) {
            sites.append(site.rawValue)
            instants.append(day.start(in: .gmt))
        }
        // In a connection of its own: reading a day takes as long as it takes, and nobody's records wait behind it.
        let statement: SQL = "SELECT access.forget_auth_events(\(sites), \(instants))"
        var forgotten = 0
        while let more = try await client.transaction({ transaction in
            try await transaction.query(statement).first?.decode(Int?.self, column: 0) ?? nil
        }) {
            forgotten += more
            try Task.checkCancellation()
        }
        return forgotten
    }

    /// Drops the partitions of the days before `day`, but never of the last seven days, and of days that are three months
    /// past in any case; returns how many.
    @discardableResult
    public func dropPartitions(before day: CivilDay) async throws -> Int {
        // A day may be asked for that the law lets nobody keep (CPCE R.10-14 IV): three months after it began it goes.
        let rows = try await client.write(
            """
            SELECT access.drop_auth_event_partitions(
                greatest(\(day.description)::text::date, (now() AT TIME ZONE 'UTC' - interval '3 months')::date + 1))
            """, repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }
}
