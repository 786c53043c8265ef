/// Brings a database to the schema of a directory of numbered files, forward only.
///
/// Each file is applied in a transaction of its own and recorded in `public.schema_migration` with its SHA-256. Several
/// programs may start at once: one migrates, the others wait for it (a session advisory lock) and find nothing to do.
public struct Migrator: Sendable {
    /// The files, in order.
    public let migrations: [Migration]

    /// Any number will do as long as every version of this program uses the same one.
    private static let lockKey: Int64 = 0x736f_636c_65

    /// The files of a directory. Throws as `Migration.load`.
    public init(directory: String) throws(PostgresError) { migrations = try Migration.load(directory: directory) }

    /// These migrations. Throws as `Migration.load`.
    public init(migrations: [Migration]) throws(PostgresError) {
        self.migrations = migrations.sorted { $0.number < $1.number }
        try Migration.validate(self.migrations)
    }

    /// Where a database stands.
    public struct Status: Sendable, Equatable {
        /// The names of the files that were applied, in order.
        public let applied: [String]
        /// The names of the files that are not.
        public let pending: [String]
    }

    /// Where the database stands; changes nothing. Throws `migration` as `migrate` would.
    public func status(_ client: PostgresClient) async throws -> Status {
        try await client.withSession { session in
            let applied = try await recorded(session)
            let plan = try await plan(session, applied)
            return Status(applied: applied.map(\.name), pending: plan.pending.map(\.name))
        }
    }

    /// Applies what is missing; waits for another migrator for `patience`.
    ///
    /// Throws `migration`, naming the file, for one that was edited, is missing or is out of order, before anything is
    /// applied; and for one that fails, of which nothing is left while those before it stay.
    /// - Returns: the names of the files applied now.
    @discardableResult
    public func migrate(_ client: PostgresClient, patience: Duration = .seconds(600)) async throws -> [String] {
        try await client.withSession { session in
            // A migration of a large table takes as long as it takes; the lock goes with the session.
            _ = try await session.call("SET statement_timeout = 0", mode: .script)
            _ = try await session.call(
                "SELECT pg_advisory_lock(\(unescaped: String(Migrator.lockKey)))", mode: .script, limit: patience)
            _ = try await session.call(
                """
                CREATE TABLE IF NOT EXISTS public.schema_migration (
                    number integer PRIMARY KEY,
                    name text NOT NULL,
                    sha256 bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now())
                """, mode: .script)
            let plan = try await plan(session, recorded(session))
            for migration in plan.pending { try await apply(migration, session) }
            return plan.pending.map(\.name)
        }
    }

    private func recorded(_ session: Session) async throws -> [MigrationPlan.Applied] {
        let exists = try await session.call("SELECT to_regclass('public.schema_migration') IS NOT NULL")
        guard try exists.first?.decode(Bool.self) ?? false else { return [] }
        let rows = try await session.call("SELECT number, name, sha256 FROM public.schema_migration ORDER BY number")
        return try rows.decode(Int.self, String.self, [UInt8].self)
            .map { MigrationPlan.Applied(number: $0, name: $1, checksum: $2) }
    }

    /// The server computes the checksums: this module has no digest of its own, and needs none.
    private func plan(_ session: Session, _ applied: [MigrationPlan.Applied]) async throws -> MigrationPlan {
        var checksums: [[UInt8]] = []
        for migration in migrations {
            let rows = try await session.call("SELECT sha256(\(migration.text))")
            checksums.append(try rows.first?.decode([UInt8].self) ?? [])
        }
        return try MigrationPlan(files: migrations, checksums: checksums, applied: applied)
    }

    private func apply(_ migration: Migration, _ session: Session) async throws {
        do {
            _ = try await session.call("BEGIN", mode: .script)
            // The simple protocol: a file holds many statements, functions and DO blocks.
            let text = String(decoding: migration.text, as: UTF8.self)
            _ = try await session.call(SQL(unescaped: text), mode: .script, limit: .seconds(86_400))
            _ = try await session.call(
                """
                INSERT INTO public.schema_migration (number, name, sha256)
                VALUES (\(migration.number), \(migration.name), sha256(\(migration.text)))
                """)
            let answer = try await session.call("COMMIT", mode: .script)
            guard answer.commandTag == "COMMIT" else {
                throw PostgresError(.migration, "\(migration.name) ended its transaction")
            }
        } catch let error as PostgresError {
            // An operator migrating by hand needs the server's words, and a migration holds no data of anybody.
            throw PostgresError(.migration, "\(migration.name) failed: \(error.debugDescription)")
        }
    }
}
