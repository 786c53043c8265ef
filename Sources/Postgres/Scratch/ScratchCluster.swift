internal import CLinux
internal import Foundation
public import Logging
internal import Synchronization

/// A throw-away server for tests: one per process, started when first asked for, with a template database that has
/// every migration. A test clones the template in milliseconds and shares nothing with the others.
///
/// It lives in a directory of its own under the temporary directory, is reached through a unix socket and disappears
/// with the process, also when that is killed (then the next process clears the directory away).
public final class ScratchCluster: Sendable {
    /// The server, for tests that stop or kill it.
    public let server: PostgresServer
    private let directory: String
    private let template: String
    private let count = Mutex(0)

    /// The cluster of this process for a directory of migrations (nil: an empty template). The first call starts it.
    ///
    /// `durable: false` turns fsync off: only for tests in which nothing is killed.
    public static func shared(migrations: String? = nil, durable: Bool = true) async throws -> ScratchCluster {
        try await ScratchClusters.shared.cluster(migrations: migrations, durable: durable)
    }

    /// A cluster of its own, for tests that harm it. `stop()` removes it.
    public static func start(
        migrations: String? = nil, durable: Bool = true, settings: [String: String] = [:]
    ) async throws -> ScratchCluster {
        ScratchFolder.clearAway()
        let directory = try ScratchFolder.create()
        var all = [
            "shared_buffers": "64MB", "max_connections": "500", "max_wal_size": "256MB", "autovacuum": "off",
            "fsync": durable ? "on" : "off", "full_page_writes": durable ? "on" : "off",
        ]
        all.merge(settings) { _, given in given }
        let server = try PostgresServer(directory: directory, settings: all, logger: ScratchCluster.quiet)
        try await server.start()
        let cluster = ScratchCluster(server, directory)
        try await cluster.makeTemplate(migrations)
        return cluster
    }

    private init(_ server: PostgresServer, _ directory: String) {
        self.server = server
        self.directory = directory
        template = "scratch_template"
        ScratchFolder.removeAtExit(directory, server)
    }

    /// A logger that says nothing below critical, for clients in tests.
    public static let quiet: Logger = {
        var logger = Logger(label: "scratch")
        logger.logLevel = .critical
        return logger
    }()

    /// A fresh copy of the template.
    /// - Returns: its connection string, as superuser.
    public func createDatabase() async throws -> String {
        let name = "scratch_\(count.withLock { $0 += 1; return $0 })"
        try await administer { session in
            let statement = "CREATE DATABASE \(name) TEMPLATE \(self.template)"
            _ = try await session.call(SQL(unescaped: statement), mode: .script, limit: .seconds(60))
        }
        return server.conninfo(database: name)
    }

    /// The connection string of a database for another role (`socle_portal`), from that of the superuser.
    public static func conninfo(_ conninfo: String, user: String) -> String { conninfo + " user='\(user)'" }

    /// Stops the server and removes its directory.
    public func stop() async {
        await server.stop()
        ScratchFolder.remove(directory)
    }

    private func makeTemplate(_ migrations: String?) async throws {
        try await administer { session in
            _ = try await session.call(
                SQL(unescaped: "CREATE DATABASE \(self.template)"), mode: .script, limit: .seconds(60))
        }
        guard let migrations else { return }
        let migrator = try Migrator(directory: migrations)
        try await PostgresClient.withClient(configuration(template), logger: ScratchCluster.quiet) { client in
            _ = try await migrator.migrate(client)
        }
    }

    private func administer(_ body: @escaping @Sendable (Session) async throws -> Void) async throws {
        try await PostgresClient.withClient(configuration("postgres"), logger: ScratchCluster.quiet) { client in
            try await client.withSession(body)
        }
    }

    private func configuration(_ database: String) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            conninfo: server.conninfo(database: database), applicationName: "scratch")
        configuration.transactionConnections = 1
        configuration.connectsEagerly = false
        configuration.statementTimeout = .seconds(60)
        configuration.callTimeout = .seconds(60)
        return configuration
    }
}

/// One cluster per process and kind.
private actor ScratchClusters {
    static let shared = ScratchClusters()
    private var clusters: [String: Task<ScratchCluster, any Error>] = [:]

    func cluster(migrations: String?, durable: Bool) async throws -> ScratchCluster {
        let key = "\(migrations ?? "") \(durable)"
        // The task is kept so that tests that come at the same time wait for the same start.
        let task = clusters[key] ?? Task { try await ScratchCluster.start(migrations: migrations, durable: durable) }
        clusters[key] = task
        return try await task.value
    }
}
