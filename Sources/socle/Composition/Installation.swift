import Foundation
import Postgres
import Store

/// What `migrate` does, and an embedded server at each start.
enum Installation {
    /// Brings the schema up to date and makes the installation key if there is none.
    /// - Returns: the names of the files applied.
    static func migrate(_ configuration: Configuration, _ migrator: Migrator) async throws -> [String] {
        _ = try InstallationKey.loadOrCreate(at: configuration.installationKeyFile)
        return try await DatabaseSession.with(configuration.database.owner) { client in
            let applied = try await migrator.migrate(client)
            try await DatabaseInspection(client).publishMigrations()
            return applied
        }
    }
}
