public import Logging

extension PostgresClient {
    /// Runs a client for as long as `body` takes: for commands and tests. A server runs `run()` among its services.
    public static func withClient<Value: Sendable>(
        _ configuration: PostgresConfiguration, logger: Logger,
        _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        let client = PostgresClient(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}
