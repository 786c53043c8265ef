import Logging
import Postgres
import ServiceLifecycle

/// Opens gates for the daemons: one when the database answers with a schema we run on, one when it is known whether it does.
///
/// A database that is away is waited for, ever less often, at least every ten seconds; health says so meanwhile. A schema
/// that is older than the executable ends the process: waiting would not mend it.
struct DatabaseGate: Service, CustomStringConvertible {
    /// What must be true before a daemon starts; throws what waiting may mend as `PostgresError`, anything else ends us.
    typealias Check = @Sendable () async throws -> Void

    /// Open when the database is ready.
    let opens = Gate()
    /// Open when it is ready, or found to be away: for what can begin without it.
    let answered = Gate()
    let health: HealthBoard
    let logger: Logger
    /// Not asked before this is open.
    let after: Gate?
    let check: Check

    var description: String { "database gate" }

    /// Pauses between attempts; the last one is repeated.
    static let pauses: [Duration] = [
        .milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2), .seconds(5), .seconds(10),
    ]

    func run() async throws {
        health.report("database", .starting, "not asked yet")
        let gate = self
        try await cancelWhenGracefulShutdown { try await gate.waitForDatabase() }
        try? await gracefulShutdown()
    }

    private func waitForDatabase() async throws {
        if let after, await !after.passed() { return }
        var pauses = DatabaseGate.pauses[...]
        while !Task.isCancelled {
            do {
                try await check()
                health.report("database", .ok)
                logger.info("the database is ready")
                answered.open()
                return opens.open()
            } catch let error as PostgresError where DatabaseGate.mayMendItself(error) {
                guard !Task.isCancelled else { return }
                health.report("database", .starting, "waiting for the database: \(error.description)")
                logger.warning("waiting for the database", metadata: ["error": "\(error)"])
                answered.open()
            }
            let pause = pauses.first ?? .seconds(10)
            if pauses.count > 1 { pauses = pauses.dropFirst() }
            // The back-off between attempts: a server that is away announces its return to nobody.
            try? await Task.sleep(for: pause)
        }
    }

    static func mayMendItself(_ error: PostgresError) -> Bool {
        switch error.code {
        case .connectionFailed, .connectionLost, .timeout, .queueFull, .unknownOutcome: true
        // The server is starting up, shutting down or recovering, or has no connection left.
        case .server(let state): state.hasPrefix("57P") || state == "53300"
        case .cancelled, .decoding, .tooLarge, .configuration, .closed, .migration, .serverUnusable: false
        }
    }
}
