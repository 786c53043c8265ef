import Postgres

/// Whether the database's schema is one this executable runs on.
///
/// An older schema lacks what our statements name: refused. A newer one was made by migrations that older executables
/// run on (each says so in its header), so that nodes can be upgraded one after the other: accepted, and said.
enum SchemaCheck: Equatable {
    case current
    /// Files of ours that the database lacks, in order.
    case older(pending: [String])
    /// What the database has that is not ours, in order.
    case newer(unknown: [String])

    /// Compares the names recorded with the names of the files, both in order.
    init(applied: [String], files: [String]) {
        let pending = files.filter { !applied.contains($0) }
        let unknown = applied.filter { !files.contains($0) }
        if !pending.isEmpty {
            self = .older(pending: pending)
        } else {
            self = unknown.isEmpty ? .current : .newer(unknown: unknown)
        }
    }

    /// Asks the database, as any of its roles.
    static func of(_ client: PostgresClient, _ migrator: Migrator) async throws -> SchemaCheck {
        let files = migrator.migrations.map(\.name)
        do {
            let rows = try await client.query("SELECT name FROM public.schema_migration ORDER BY number")
            return SchemaCheck(applied: try rows.map { try $0.decode(String.self) }, files: files)
        } catch let error as PostgresError where error.sqlState == "42P01" {
            return .older(pending: files)
        }
    }

    /// Every role may ask how far the schema is; there is nothing secret in the names of our files.
    static func letEveryRoleAsk(_ client: PostgresClient) async throws {
        _ = try await client.write("GRANT SELECT ON public.schema_migration TO PUBLIC", repeatable: true)
    }
}
