import Logging
import Postgres
import ServiceLifecycle

/// The private PostgreSQL of `serve --embedded`: started first, stopped last.
struct EmbeddedServerService: Service, CustomStringConvertible {
    let server: PostgresServer
    let health: HealthBoard
    let logger: Logger
    /// Opened when the database is there and has our schema.
    let opens: Gate
    /// Brings the schema up to date; returns the files applied.
    let migrate: @Sendable () async throws -> [String]

    var description: String { "embedded PostgreSQL" }

    func run() async throws {
        health.report("postgres", .starting)
        try await server.start()
        do {
            try await Self.ensureDatabase(server)
            let applied = try await migrate()
            if !applied.isEmpty { logger.notice("migrated", metadata: ["files": "\(applied.joined(separator: " "))"]) }
        } catch {
            await server.stop()
            throw error
        }
        health.report("postgres", .ok)
        let server = server
        health.attach("postgres") {
            server.processID != nil
                ? ComponentHealth(state: .ok) : ComponentHealth(state: .degraded, detail: "it is being started again")
        }
        logger.info("embedded PostgreSQL is up", metadata: ["log": "\(server.logFile)"])
        opens.open()
        // Those who use it have ended when the shutdown reaches us: services end in reverse order.
        try? await gracefulShutdown()
        health.report("postgres", .stopping)
        await server.stop()
    }

    /// Makes the database and its owner if the cluster is new. Safe to repeat.
    ///
    /// The owner is no superuser, as on a server of one's own: what works here works there.
    static func ensureDatabase(_ server: PostgresServer) async throws {
        try await DatabaseSession.with(server.conninfo()) { client in
            let name = Configuration.embeddedDatabase
            if try await client.query("SELECT 1 FROM pg_roles WHERE rolname = \(name)").isEmpty {
                _ = try await client.write("CREATE ROLE \(unescaped: name) LOGIN CREATEROLE", repeatable: false)
            }
            if try await client.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty {
                _ = try await client.write(
                    "CREATE DATABASE \(unescaped: name) OWNER \(unescaped: name)", repeatable: false)
            }
        }
    }
}
