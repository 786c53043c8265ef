import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import Testing

@testable import socle

@Suite struct GateTests {
    @Test func `lets through those who came before it opened and those who come after`() async {
        let gate = Gate()
        async let early = gate.passed()
        gate.open()
        #expect(await early)
        #expect(await gate.passed())
    }

    @Test func `a cancelled task does not pass`() async {
        let gate = Gate()
        let task = Task { await gate.passed() }
        task.cancel()
        #expect(await task.value == false)
    }
}

@Suite struct DatabaseGateTests {
    private func gate(_ health: HealthBoard, check: @escaping DatabaseGate.Check) -> DatabaseGate {
        DatabaseGate(
            health: health, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, after: nil,
            check: check)
    }

    @Test func `waits while the database is away, says so, and opens when it is back`() async throws {
        let health = HealthBoard()
        let attempts = Mutex(0)
        let gate = gate(health) {
            let attempt = attempts.withLock { count in
                count += 1
                return count
            }
            guard attempt < 3 else { return }
            if attempt == 2 { #expect(health.snapshot().components["database"]?.state == .starting) }
            throw PostgresError(.connectionFailed)
        }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gate.run() }
            #expect(await gate.answered.passed())
            #expect(await gate.opens.passed())
            #expect(health.snapshot().components["database"]?.state == .ok)
            #expect(attempts.withLock { $0 } == 3)
            group.cancelAll()
        }
    }

    @Test func `a schema that is too old ends it, with what to do`() async {
        let gate = gate(HealthBoard()) {
            throw Failure(.configuration, "the database lacks 0002", mend: "run socle migrate")
        }
        await #expect(throws: Failure.self) { try await gate.run() }
    }

    @Test(arguments: [
        (PostgresError.Code.connectionFailed, true), (.server(sqlState: "57P03"), true),
        (.server(sqlState: "53300"), true),
        (.server(sqlState: "28000"), false), (.configuration, false), (.migration, false),
    ])
    func `knows what waiting may mend`(code: PostgresError.Code, mends: Bool) {
        #expect(DatabaseGate.mayMendItself(PostgresError(code)) == mends)
    }
}

@Suite struct SchemaCheckTests {
    @Test func `the same files are current, whatever comes after them is newer, what is missing is older`() {
        #expect(SchemaCheck(applied: ["0001_a.sql"], files: ["0001_a.sql"]) == .current)
        #expect(
            SchemaCheck(applied: ["0001_a.sql", "0002_b.sql"], files: ["0001_a.sql"]) == .newer(unknown: ["0002_b.sql"])
        )
        #expect(SchemaCheck(applied: [], files: ["0001_a.sql"]) == .older(pending: ["0001_a.sql"]))
        #expect(
            SchemaCheck(applied: ["0001_a.sql", "0003_c.sql"], files: ["0001_a.sql", "0002_b.sql"])
                == .older(pending: ["0002_b.sql"]))
    }
}
