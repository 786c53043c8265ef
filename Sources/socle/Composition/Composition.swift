import AccessService
import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Store

/// The composition root of `serve`: everything long-lived is made here and handed to what needs it.
///
/// Order of the services: what others stand on comes first. They start together, each waiting for what it needs, and end
/// in reverse: daemons, their connections, the embedded server, and the admin port last.
struct Composition {
    let configuration: Configuration
    let daemons: [Daemon]
    let embedded: EmbeddedDirectory?
    let logger: Logger
    let metrics: MetricsRegistry
    let health = HealthBoard()
    let watch = DecisionWatch()

    func services() throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let migrator = try Migrator(directory: configuration.paths.migrations)
        let serverIsUp = embedded.map { _ in Gate() }
        let clients = daemons.map { ClientService(name: $0.rawValue, client: client(of: $0), after: serverIsUp) }

        var services: [any Service] = [
            AdministrationService(
                listen: configuration.administration.listen, health: health, metrics: metrics, watch: watch,
                logger: named("admin"),
                momentary: { DatabaseMetrics.render(clients.map { ($0.name, $0.client.statistics) }) })
        ]
        if let embedded, let serverIsUp {
            services.append(try server(in: embedded, migrator, opens: serverIsUp))
        }
        services += clients
        let database = DatabaseGate(
            health: health, logger: named("database"), after: serverIsUp,
            check: schemaCheck(migrator, clients.map(\.client)))
        services.append(database)
        for (daemon, client) in zip(daemons, clients) {
            services.append(service(of: daemon, client.client, database))
        }
        health.attach("database") {
            clients.allSatisfy(\.client.statistics.isConnected)
                ? ComponentHealth(state: .ok) : ComponentHealth(state: .degraded, detail: "not connected")
        }
        return services.map { .init(service: $0, serviceName: "\($0)") }
    }

    /// Few connections, each busy; commits must be durable, or an Accounting-Response would be a lie.
    static let serverSettings = [
        "max_connections": "60", "synchronous_commit": "on", "fsync": "on", "wal_compression": "on", "jit": "off",
    ]

    func named(_ label: String) -> Logger {
        var named = Logger(label: label)
        named.logLevel = logger.logLevel
        return named
    }

    private func client(of daemon: Daemon) -> PostgresClient {
        var postgres = PostgresConfiguration(
            conninfo: daemon.conninfo(configuration), applicationName: "socle-\(daemon.rawValue)",
            connections: configuration.database.connections)
        postgres.connectTimeout = .seconds(3)
        // Each writer of accounting runs on the thread of its connection.
        if daemon == .access { postgres.writeConnections = AccessConfiguration().accountingWriters }
        // Calls fail soon when the database is away: the daemons know what to do without it.
        postgres.outageTolerance = .seconds(1)
        return PostgresClient(configuration: postgres, logger: named("database").with("role", daemon.rawValue))
    }

    private func server(
        in directory: EmbeddedDirectory, _ migrator: Migrator, opens: Gate
    ) throws -> EmbeddedServerService {
        let configuration = configuration
        let logger = named("postgres")
        let server = try PostgresServer(directory: directory.database, settings: Self.serverSettings, logger: logger)
        return EmbeddedServerService(server: server, health: health, logger: logger, opens: opens) {
            try await Installation.migrate(configuration, migrator)
        }
    }

    private func schemaCheck(_ migrator: Migrator, _ clients: [PostgresClient]) -> DatabaseGate.Check {
        let logger = named("database")
        return {
            for client in clients {
                switch try await SchemaCheck.of(client, migrator) {
                case .current: break
                case .older(let pending):
                    throw Failure(
                        .configuration, "the database lacks \(pending.joined(separator: ", "))",
                        mend: "run socle migrate")
                case .newer(let unknown):
                    let files = unknown.joined(separator: " ")
                    logger.warning("the database is newer than this executable", metadata: ["files": "\(files)"])
                }
            }
        }
    }

    /// The access daemon can do without the database: it starts when it is known whether it must.
    private func service(of daemon: Daemon, _ client: PostgresClient, _ database: DatabaseGate) -> DaemonService {
        let composition = self
        let gate =
            switch daemon {
            case .access: database.answered
            case .portal, .retention: database.opens
            }
        return DaemonService(name: daemon.rawValue, gate: gate, health: health, logger: named("serve")) {
            let keys = InstallationKeys(try InstallationKey.load(from: composition.configuration.installationKeyFile))
            switch daemon {
            case .access: return try composition.accessDaemon(client, keys)
            case .portal: return try composition.portalDaemon(client, keys)
            case .retention: return try composition.retentionDaemon(client)
            }
        }
    }
}

extension Logger {
    /// The same logger with one more word in every line.
    func with(_ key: String, _ value: String) -> Logger {
        var logger = self
        logger[metadataKey: key] = "\(value)"
        return logger
    }
}
