import Postgres
import Store

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
    static func of(_ client: PostgresClient, _ migrator: Migrator) async throws(PostgresError) -> SchemaCheck {
        SchemaCheck(
            applied: try await DatabaseInspection(client).appliedMigrations(), files: migrator.migrations.map(\.name))
    }
}
