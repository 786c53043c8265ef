import Logging
import Postgres

extension Configuration {
    /// The database of an embedded server.
    static let embeddedDatabase = "socle"

    /// What belongs to the installation lives in the embedded directory: database, key and spool.
    mutating func use(embedded directory: EmbeddedDirectory) throws(PostgresError) {
        let server = try PostgresServer(directory: directory.database, logger: Logger(label: "postgres"))
        func conninfo(_ user: String) -> String { server.conninfo(database: Self.embeddedDatabase, user: user) }
        database.owner = conninfo("socle")
        database.access = conninfo("socle_access")
        database.portal = conninfo("socle_portal")
        database.retention = conninfo("socle_retention")
        installationKeyFile = directory.installationKeyFile
        access.spoolDirectory = directory.spool
    }
}
