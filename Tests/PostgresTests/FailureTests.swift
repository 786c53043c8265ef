import Testing

@testable import Postgres

/// Killed, slow, refused, cancelled.
@Suite struct FailureTests {
    @Test func `a read whose backend is killed is sent again and succeeds`() async throws {
        try await withObservedDatabase { client, observer in
            _ = try await observer.write("CREATE TABLE gate (open bool)", repeatable: false)
            // It waits only while the gate is empty, so the second run returns at once.
            async let answer = client.query(
                "SELECT 7 /* victim-1 */ FROM (SELECT CASE WHEN EXISTS (SELECT FROM gate) THEN NULL ELSE pg_sleep(8) END) s"
            )
            try await expectEventually { try await observer.backends(running: "victim-1").count == 1 }
            _ = try await observer.write("INSERT INTO gate VALUES (true)", repeatable: false)
            try await observer.terminateBackend(running: "victim-1")
            #expect(try await answer.first?.decode(Int.self) == 7)
            #expect(client.statistics.reads.resent == 1 && client.statistics.reconnects == 1)
        }
    }

    @Test func `a repeatable write whose backend is killed is sent again; another ends with an unknown outcome`()
        async throws
    {
        try await withObservedDatabase { client, observer in
            _ = try await observer.write("CREATE TABLE t (id int PRIMARY KEY)", repeatable: false)
            _ = try await observer.write("CREATE TABLE gate (open bool)", repeatable: false)
            let slow: SQL =
                "SELECT CASE WHEN EXISTS (SELECT FROM gate) THEN NULL ELSE pg_sleep(8) END /* victim-2 */"
            async let single = code { _ = try await client.write(slow, repeatable: false) }
            try await expectEventually { try await observer.backends(running: "victim-2").count == 1 }
            try await observer.terminateBackend(running: "victim-2")
            #expect(await single == .unknownOutcome)

            async let repeatable = client.write(
                "INSERT INTO t SELECT 1 FROM (\(slow)) s ON CONFLICT DO NOTHING", repeatable: true)
            try await expectEventually { try await observer.backends(running: "victim-2").count == 1 }
            _ = try await observer.write("INSERT INTO gate VALUES (true)", repeatable: false)
            try await observer.terminateBackend(running: "victim-2")
            #expect(try await repeatable.affected == 1)
        }
    }

    @Test func `a statement under which the connection dies again and again is given up`() async throws {
        try await withDatabase { client, _ in
            let error = await code { _ = try await client.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(error == .connectionLost)
            try await expectService(client)
        }
    }

    @Test func `a statement that takes too long ends with a timeout at the server`() async throws {
        try await withDatabase({ $0.statementTimeout = .milliseconds(100) }) { client, _ in
            let start = ContinuousClock.now
            await expect(.timeout) { _ = try await client.query("SELECT pg_sleep(30)") }
            await expect(.timeout) { _ = try await client.write("SELECT pg_sleep(30)", repeatable: false) }
            #expect(ContinuousClock.now - start < .seconds(5))
            try await expectService(client)
        }
    }

    @Test func `a call that takes too long ends at its deadline, and the statement is cancelled`() async throws {
        try await withObservedDatabase { client, observer in
            try await expectService(client)
            _ = try await client.write("SELECT 1", repeatable: true)
            let limit = Duration.milliseconds(150)
            await expect(.timeout) { _ = try await client.query("SELECT pg_sleep(30)/*late*/", timeout: limit) }
            let write = await code {
                _ = try await client.write("SELECT pg_sleep(30)/*late*/", repeatable: false, timeout: limit)
            }
            #expect(write == .unknownOutcome)
            try await expectEventually { try await observer.backends(running: "/*late*/").isEmpty }
            try await expectService(client)
        }
    }

    @Test func `cancelling the task cancels a statement that runs alone`() async throws {
        try await withObservedDatabase { client, observer in
            let task = Task { try await client.query("SELECT pg_sleep(30)/*alone*/") }
            try await expectEventually { try await observer.backends(running: "/*alone*/").count == 1 }
            task.cancel()
            await expect(.cancelled) { _ = try await task.value }
            try await expectEventually { try await observer.backends(running: "/*alone*/").isEmpty }
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `cancelling the task of a statement that waits takes it out of the queue`() async throws {
        try await withObservedDatabase({ $0.maximumWaiting = 1 }) { client, observer in
            var first: Task<Rows, any Error>?
            try await observer.withClosedGate { gate in
                first = Task { try await client.query("SELECT \(gate)/*first*/") }
                try await expectEventually { try await observer.backends(running: "/*first*/").count == 1 }
                let waiting = Task { try await client.query("SELECT 1") }
                try await expectEventually { client.statistics.waiting == 1 }
                waiting.cancel()
                await expect(.cancelled) { _ = try await waiting.value }
                #expect(client.statistics.waiting == 0)
            }
            try await expectService(client)
            _ = try await first?.value
        }
    }

    @Test func `cancelling one of a batch lets its caller go and leaves the others alone`() async throws {
        try await withObservedDatabase { client, observer in
            var tasks: [Task<Rows, any Error>] = []
            // One gate holds the first statement while two more come to share the next batch; another holds these.
            try await observer.transaction { transaction in
                try await transaction.query("SELECT pg_advisory_xact_lock(8)")
                try await observer.withClosedGate { gate in
                    tasks.append(Task { try await client.query("SELECT \(gate)/*first*/") })
                    try await expectEventually { try await observer.backends(running: "/*first*/").count == 1 }
                    for _ in 0..<2 {
                        tasks.append(Task { try await client.query("SELECT pg_advisory_xact_lock_shared(8)/*pair*/") })
                    }
                    try await expectEventually { client.statistics.waiting == 2 }
                }
                try await expectEventually { try await observer.backends(running: "/*pair*/").count == 1 }
                tasks[1].cancel()
                await expect(.cancelled) { _ = try await tasks[1].value }
                #expect(client.statistics.reads.inFlight == 2)
            }
            let neighbour = try await tasks[2].value
            #expect(neighbour.count == 1)
            _ = try await tasks[0].value
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await withDatabase { client, _ in
            let codes = await withTaskGroup(of: PostgresError.Code?.self) { group in
                group.cancelAll()
                group.addTask { await code { _ = try await client.query("SELECT 1") } }
                group.addTask { await code { try await client.transaction { _ in } } }
                return await group.reduce(into: [PostgresError.Code?]()) { $0.append($1) }
            }
            #expect(codes == [.cancelled, .cancelled])
        }
    }

    @Test func `the queue refuses what it cannot hold, at once, and serves what it holds`() async throws {
        try await withObservedDatabase({ $0.maximumWaiting = 10 }) { client, observer in
            var tasks: [Task<PostgresError.Code?, Never>] = []
            try await observer.withClosedGate { gate in
                tasks.append(Task { await code { _ = try await client.query("SELECT \(gate)/*full*/") } })
                try await expectEventually { try await observer.backends(running: "/*full*/").count == 1 }
                for _ in 0..<50 { tasks.append(Task { await code { _ = try await client.query("SELECT \(1)") } }) }
                // The gate is still closed: whoever has an answer was refused.
                try await expectEventually { client.statistics.reads.refused == 40 }
            }
            var codes: [PostgresError.Code?] = []
            for task in tasks { codes.append(await task.value) }
            #expect(codes.count { $0 == nil } == 11 && codes.count { $0 == .queueFull } == 40)
        }
    }
}
