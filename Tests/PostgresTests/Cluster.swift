import Logging
import Postgres

/// Runs `body` with a client on a fresh database of the process's scratch cluster.
func withDatabase<Value: Sendable>(
    _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient, String) async throws -> Value
) async throws -> Value {
    let conninfo = try await ScratchCluster.shared().createDatabase()
    return try await withClient(conninfo, adjust) { try await body($0, conninfo) }
}

/// Runs `body` with a client.
func withClient<Value: Sendable>(
    _ conninfo: String, _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Value
) async throws -> Value {
    var configuration = PostgresConfiguration(conninfo: conninfo, applicationName: "tests")
    adjust(&configuration)
    return try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet, body)
}
