import Postgres
import ServiceLifecycle

/// The connections of one role, up from the start until those who use them have ended.
struct ClientService: Service, CustomStringConvertible {
    let name: String
    let client: PostgresClient
    /// No attempt to connect before this is open.
    let after: Gate?

    var description: String { "database connections of \(name)" }

    func run() async throws {
        let (client, after) = (client, after)
        try await cancelWhenGracefulShutdown {
            if let after, await !after.passed() { return }
            try await client.run()
        }
    }
}
