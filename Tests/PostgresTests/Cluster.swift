import Logging
import Postgres
import Testing

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
    // Dozens of tests run at once: each connects only what it uses.
    configuration.connectsEagerly = false
    adjust(&configuration)
    return try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet, body)
}

/// Asks again until the condition holds. False when it does not within 20 s.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}

extension PostgresClient {
    /// Backends of other clients that are running a statement which contains `marker`.
    func backends(running marker: String, application: String = "tests") async throws -> [Int] {
        try await query(
            """
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = \(application)
            AND state = 'active' AND query LIKE '%' || \(marker) || '%'
            """
        ).decode(Int.self)
    }

    /// Waits until one is, and ends it.
    func terminateBackend(running marker: String, application: String = "tests") async throws {
        try await expectEventually {
            let victims = try await backends(running: marker, application: application)
            for victim in victims { _ = try await query("SELECT pg_terminate_backend(\(victim)::int)") }
            return !victims.isEmpty
        }
    }
}

/// Runs `body` with two clients of one fresh database: the one under test, and one of application `observer`.
func withObservedDatabase<Value: Sendable>(
    _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient, _ observer: PostgresClient) async throws -> Value
) async throws -> Value {
    try await withDatabase(adjust) { client, conninfo in
        try await withClient(conninfo, { $0.applicationName = "observer" }) { observer in
            try await body(client, observer)
        }
    }
}

/// The code that `body` throws.
func code(_ body: () async throws -> Void) async -> PostgresError.Code? {
    do {
        try await body()
        return nil
    } catch { return (error as? PostgresError)?.code }
}

/// Expects that `body` throws an error of this code; nil: that it throws none.
func expect(
    _ expected: PostgresError.Code?, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    let thrown = await code(body)
    #expect(thrown == expected, sourceLocation: sourceLocation)
}

/// Expects that the client still answers.
func expectService(_ client: PostgresClient, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let answer = try await client.query("SELECT \(1)")
    #expect(answer.count == 1, sourceLocation: sourceLocation)
}

/// Expects that the condition comes to hold.
func expectEventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let holds = try await eventually(condition)
    #expect(holds, sourceLocation: sourceLocation)
}

extension PostgresClient {
    /// While `body` runs, a statement that contains `gate` waits; it goes on afterwards.
    func withClosedGate(_ body: (_ gate: SQL) async throws -> Void) async throws {
        try await transaction { transaction in
            try await transaction.query("SELECT pg_advisory_xact_lock(7)")
            try await body("pg_advisory_xact_lock_shared(7)")
        }
    }
}
