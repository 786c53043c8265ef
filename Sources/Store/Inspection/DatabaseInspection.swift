public import Foundation
public import Postgres

/// Looks at the database as an installation: what `doctor` reports and daemons check before they start. Reads only.
public struct DatabaseInspection: Sendable {
    private let client: PostgresClient

    /// Through this client, as whatever role it connects.
    public init(_ client: PostgresClient) { self.client = client }

    /// The server and how it was set.
    public struct Server: Sendable, Hashable {
        /// Such as 150020 for 15.20.
        public let versionNumber: Int
        /// The server's clock, read with ours at the same moment give or take the way there.
        public let now: Date
        /// Settings on which durability rests, by name.
        public let settings: [String: String]
        /// Whether it is a standby that takes no writes.
        public let isStandby: Bool

        /// What a server says of itself.
        public init(versionNumber: Int, now: Date, settings: [String: String], isStandby: Bool) {
            (self.versionNumber, self.now, self.settings) = (versionNumber, now, settings)
            self.isStandby = isStandby
        }
    }

    /// What a role may do, as far as it matters to us.
    public struct Role: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Whether row-level security does not bear on it: a superuser, or BYPASSRLS.
        public let ignoresRowSecurity: Bool
        /// Tables on which it lacks a right that is needed, as `table: right`.
        public let lacking: [String]

        /// What a role may do.
        public init(name: String, ignoresRowSecurity: Bool, lacking: [String]) {
            (self.name, self.ignoresRowSecurity, self.lacking) = (name, ignoresRowSecurity, lacking)
        }
    }

    /// Names of the migrations that were applied, in order; none when the database was never migrated.
    public func appliedMigrations() async throws(PostgresError) -> [String] {
        do {
            return try await client.query("SELECT name FROM public.schema_migration ORDER BY number").decode(
                String.self)
        } catch let error where error.sqlState == "42P01" {
            return []
        }
    }

    /// The server.
    public func server() async throws -> Server {
        let rows = try await client.query(
            """
            SELECT current_setting('server_version_num')::int, clock_timestamp(), pg_is_in_recovery(),
                current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
                current_setting('max_connections')
            """)
        guard let row = rows.first else { throw StoreError(.unreadable, "the server's settings") }
        let (version, now, standby, fsync, pages, commit, connections) = try row.decode(
            Int.self, Date.self, Bool.self, String.self, String.self, String.self, String.self)
        return Server(
            versionNumber: version, now: now,
            settings: [
                "fsync": fsync, "full_page_writes": pages, "synchronous_commit": commit, "max_connections": connections,
            ], isStandby: standby)
    }

    /// The role we connected as, and which of these rights it lacks; `rights` are pairs of table and right, such as
    /// `("access.live_session", "INSERT")`. A table that is not there counts as lacking.
    public func role(needing rights: [(table: String, right: String)]) async throws -> Role {
        let rows = try await client.query(
            """
            SELECT needed.name || ': ' || needed.right FROM unnest(\(rights.map(\.table)), \(rights.map(\.right)))
                AS needed(name, "right")
            WHERE to_regclass(needed.name) IS NULL OR NOT has_table_privilege(to_regclass(needed.name), needed."right")
            """)
        let own = try await client.query(
            "SELECT rolname::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        guard let row = own.first else { throw StoreError(.unreadable, "the role we connect as") }
        let (name, ignores) = try row.decode(String.self, Bool.self)
        return Role(name: name, ignoresRowSecurity: ignores, lacking: try rows.decode(String.self))
    }

    /// The months, as `2026_11`, of those given for which there is no partition of the sessions.
    public func monthsWithoutPartition(_ months: [String]) async throws -> [String] {
        try await client.query(
            """
            SELECT month FROM unnest(\(months)) AS month WHERE to_regclass('access.session_' || month) IS NULL ORDER BY 1
            """
        ).decode(String.self)
    }

    /// How many sessions lie in the partition for those that fit no month.
    public func sessionsInDefaultPartition() async throws -> Int {
        try await client.query("SELECT count(*) FROM access.session_default").first?.decode(Int.self, column: 0) ?? 0
    }

    /// Commands to gateways that are under way.
    public struct Commands: Sendable, Hashable {
        /// How many.
        public let unfinished: Int
        /// Of these, how many no gateway has acknowledged.
        public let unanswered: Int
        /// When the oldest was left; nil: there is none.
        public let oldest: Date?
        /// When the oldest was left that no gateway has acknowledged.
        public let oldestUnanswered: Date?

        /// So many commands.
        public init(unfinished: Int, unanswered: Int, oldest: Date?, oldestUnanswered: Date?) {
            (self.unfinished, self.unanswered) = (unfinished, unanswered)
            (self.oldest, self.oldestUnanswered) = (oldest, oldestUnanswered)
        }
    }

    /// The commands to gateways that are under way.
    public func commands() async throws -> Commands {
        let rows = try await client.query(
            """
            SELECT count(*), count(*) FILTER (WHERE acknowledged_at IS NULL), min(created_at),
                min(created_at) FILTER (WHERE acknowledged_at IS NULL)
            FROM access.outbox WHERE done_at IS NULL
            """)
        guard let row = rows.first else { throw StoreError(.unreadable, "the outbox") }
        let (unfinished, unanswered, oldest, waiting) = try row.decode(Int.self, Int.self, Date?.self, Date?.self)
        return Commands(unfinished: unfinished, unanswered: unanswered, oldest: oldest, oldestUnanswered: waiting)
    }

    /// Lets every role ask which migrations were applied: there is nothing secret in the names of our files. For the
    /// owner, after a migration. Safe to repeat.
    public func publishMigrations() async throws(PostgresError) {
        _ = try await client.write("GRANT SELECT ON public.schema_migration TO PUBLIC", repeatable: true)
    }
}
