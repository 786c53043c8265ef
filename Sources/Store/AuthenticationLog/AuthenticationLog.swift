public import Postgres
public import Territory

/// The log of authentication decisions (`access.auth_event`), partitioned by day of UTC.
public struct AuthenticationLog: Sendable {
    /// Events of one statement at most.
    public static let largestBatch = 2_000
    /// Days that are kept where nothing else is said: retention class C7.
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

    /// Drops the partitions of the days before `day`, but never of the last seven days; returns how many.
    @discardableResult
    public func dropPartitions(before day: CivilDay) async throws -> Int {
        let rows = try await client.write(
            "SELECT access.drop_auth_event_partitions(\(day.description)::text::date)", repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }
}
