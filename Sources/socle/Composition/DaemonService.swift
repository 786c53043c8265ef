import Logging
import ServiceLifecycle

/// A daemon that is made when the gate is open, and whose state health tells.
struct DaemonService: Service, CustomStringConvertible {
    let name: String
    let gate: Gate
    let health: HealthBoard
    let logger: Logger
    let make: @Sendable () async throws -> any Service

    var description: String { name }

    func run() async throws {
        health.report(name, .starting, "waits for the database")
        let gate = gate
        // A shutdown that comes while we wait ends the waiting; one that comes later is the daemon's to handle.
        let mayStart = await cancelWhenGracefulShutdown { await gate.passed() }
        guard mayStart else { return health.report(name, .stopping) }
        let service = try await make()
        health.report(name, .ok)
        logger.info("started", metadata: ["daemon": "\(name)"])
        defer {
            health.report(name, .stopping)
            logger.info("stopped", metadata: ["daemon": "\(name)"])
        }
        try await service.run()
    }
}
