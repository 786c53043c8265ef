import Logging
import Postgres

/// A client for the length of one command: it gives up on a database that is away instead of waiting for it.
enum DatabaseSession {
    /// Runs `body` with a client of `conninfo` and ends the client afterwards.
    static func with<Value: Sendable>(
        _ conninfo: String, logger: Logger = quiet, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        var configuration = PostgresConfiguration(conninfo: conninfo, applicationName: "socle", connections: 1)
        configuration.transactionConnections = 1
        configuration.connectTimeout = .seconds(5)
        configuration.outageTolerance = .seconds(5)
        configuration.statementTimeout = .seconds(120)
        configuration.callTimeout = .seconds(125)
        configuration.shutdownGrace = .seconds(1)
        let client = PostgresClient(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await body(client))
            } catch {
                outcome = .failure(error)
            }
            group.cancelAll()
            // A connection string that cannot be used ends the client first; its error says more than “closed”.
            try await group.waitForAll()
            return try outcome.get()
        }
    }

    /// Commands report failures once, on standard error; the client's attempts to reconnect are not news.
    static var quiet: Logger {
        var logger = Logger(label: "database") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return logger
    }
}
