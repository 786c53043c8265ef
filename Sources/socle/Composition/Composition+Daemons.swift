import Postgres
import ServiceLifecycle
import Store

/// The daemons, from this configuration.
extension Composition {
    func accessDaemon(_ client: PostgresClient, _ keys: InstallationKeys) async throws -> any Service {
        IdleService()
    }

    func portalDaemon(_ client: PostgresClient, _ keys: InstallationKeys) async throws -> any Service {
        IdleService()
    }
}

struct IdleService: Service {
    func run() async throws { try await gracefulShutdown() }
}
