import Testing

@testable import Postgres

@Suite struct TransactionTests {
    private struct Refusal: Error {}

    private func withTable(
        _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient, PostgresClient) async throws -> Void
    ) async throws {
        try await withObservedDatabase(adjust) { client, observer in
            _ = try await observer.write("CREATE TABLE t (id int PRIMARY KEY)", repeatable: false)
            try await body(client, observer)
        }
    }

    private func expectRows(
        _ expected: Int, _ client: PostgresClient, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let count = try await client.query("SELECT count(*) FROM t").first?.decode(Int.self)
        #expect(count == expected, sourceLocation: sourceLocation)
    }

    private func expectCopied(
        _ expected: Int, _ client: PostgresClient, _ rows: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let count = try await client.copyIn("COPY t FROM STDIN", rows: rows)
        #expect(count == expected, sourceLocation: sourceLocation)
    }

    @Test func `a body that throws leaves nothing behind, and its error comes out`() async throws {
        try await withTable { client, observer in
            await #expect(throws: Refusal.self) {
                try await client.transaction { transaction in
                    try await transaction.write("INSERT INTO t VALUES (1)")
                    throw Refusal()
                }
            }
            try await expectRows(0, observer)
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `a body that swallows a failed statement does not commit and is told so`() async throws {
        try await withTable { client, observer in
            let outcome = await code {
                try await client.transaction { transaction in
                    try await transaction.write("INSERT INTO t VALUES (1)")
                    _ = try? await transaction.write("INSERT INTO t VALUES (1)")
                }
            }
            #expect(outcome == .server(sqlState: "25P02"))
            try await expectRows(0, observer)
        }
    }

    @Test func `settings hold inside the transaction and not after it`() async throws {
        try await withTable({ $0.transactionConnections = 1 }) { client, _ in
            let sql: SQL = "SELECT coalesce(current_setting('socle.organisation', true), '')"
            let inside = try await client.transaction(settings: [Setting("socle.organisation", "9")]) {
                try await $0.query(sql).first?.decode(String.self)
            }
            let after = try await client.transaction { try await $0.query(sql).first?.decode(String.self) }
            #expect(inside == "9" && after == "")
        }
    }

    @Test func `a setting that is refused fails the transaction and the connection stays good`() async throws {
        try await withTable({ $0.transactionConnections = 1 }) { client, _ in
            let wrong = await code { try await client.transaction(settings: [Setting("work_mem", "x")]) { _ in } }
            #expect(wrong == .server(sqlState: "22023"))
            try await client.transaction { _ = try await $0.query("SELECT 1") }
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `a backend killed before the commit: connectionLost, and nothing has happened`() async throws {
        try await withTable { client, observer in
            let outcome = await code {
                try await client.transaction { transaction in
                    try await transaction.write("INSERT INTO t VALUES (1)")
                    async let slow = transaction.query("SELECT pg_sleep(30)/*tx-victim*/")
                    try await observer.terminateBackend(running: "/*tx-victim*/")
                    _ = try await slow
                }
            }
            #expect(outcome == .connectionLost)
            try await expectRows(0, observer)
            try await client.transaction { try await $0.write("INSERT INTO t VALUES (2)") }
            try await expectRows(1, observer)
        }
    }

    @Test func `a backend killed while it commits: unknownOutcome`() async throws {
        try await withTable { client, observer in
            _ = try await observer.write(
                """
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$
                """, repeatable: false)
            _ = try await observer.write(
                """
                CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION dawdle()
                """, repeatable: false)
            async let outcome = code {
                try await client.transaction { _ = try await $0.write("INSERT INTO t VALUES (1)") }
            }
            try await observer.terminateBackend(running: "COMMIT")
            #expect(await outcome == .unknownOutcome)
        }
    }

    @Test func `a cancelled task rolls back, also in the middle of a statement`() async throws {
        try await withTable { client, observer in
            let task = Task {
                try await client.transaction { transaction in
                    try await transaction.write("INSERT INTO t VALUES (1)")
                    _ = try await transaction.query("SELECT pg_sleep(30)/*tx-cancel*/")
                }
            }
            try await expectEventually { try await observer.backends(running: "/*tx-cancel*/").count == 1 }
            task.cancel()
            await expect(.cancelled) { _ = try await task.value }
            try await expectRows(0, observer)
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `more transactions than connections take turns`() async throws {
        try await withTable({ $0.transactionConnections = 2 }) { client, observer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await client.transaction { transaction in
                            let rows = try await transaction.query("SELECT \(number)::int")
                            try await transaction.write("INSERT INTO t VALUES (\(try rows.first?.decode(Int.self)))")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await expectRows(100, observer)
            try await expectEventually { client.statistics.transactions.completed == 100 }
        }
    }

    @Test func `a task cancelled while it waits for a connection leaves the queue`() async throws {
        try await withTable({ $0.transactionConnections = 1 }) { client, _ in
            try await client.transaction { _ in
                let waiting = Task { try await client.transaction { _ in } }
                let isWaiting = try await eventually { client.statistics.transactions.waiting == 1 }
                #expect(isWaiting)
                waiting.cancel()
                await expect(.cancelled) { try await waiting.value }
            }
            try await client.transaction { _ = try await $0.query("SELECT 1") }
        }
    }

    @Test func `a transaction that outlives its body is closed`() async throws {
        try await withTable { client, _ in
            let leaked = try await client.transaction { (transaction: PostgresTransaction) in transaction }
            await expect(.closed) { try await leaked.query("SELECT 1") }
        }
    }

    @Test func `a body that dawdles is ended by the server`() async throws {
        try await withTable({
            $0.idleTransactionTimeout = .milliseconds(100)
            $0.transactionConnections = 1
        }) { client, observer in
            let outcome = await code {
                try await client.transaction { transaction in
                    try await transaction.write("INSERT INTO t VALUES (1)")
                    try await expectEventually { client.statistics.transactions.connected == 0 }
                    try await transaction.write("INSERT INTO t VALUES (2)")
                }
            }
            #expect(outcome == .connectionLost || outcome == .closed)
            try await expectRows(0, observer)
        }
    }

    // MARK: COPY

    private func rows(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("\($0)\n".utf8) } }

    @Test func `COPY loads rows in bulk and counts them`() async throws {
        try await withTable { client, observer in
            try await expectCopied(100_000, client, rows(100_000))
            try await expectRows(100_000, observer)
            try await expectCopied(0, client, [])
        }
    }

    @Test func `COPY with a bad row stores nothing and leaves the connection good`() async throws {
        try await withTable({ $0.transactionConnections = 1 }) { client, observer in
            let bad = rows(200_000) + [Array("x\n".utf8)] + rows(200_000)
            await expect(.server(sqlState: "22P02")) { try await client.copyIn("COPY t FROM STDIN", rows: bad) }
            let early = [Array("x\n".utf8)] + rows(400_000)
            await expect(.server(sqlState: "22P02")) { try await client.copyIn("COPY t FROM STDIN", rows: early) }
            await expect(.server(sqlState: "42P01")) {
                try await client.copyIn("COPY nothing FROM STDIN", rows: rows(1))
            }
            try await expectRows(0, observer)
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `COPY whose source fails stores nothing, and the source's error comes out`() async throws {
        try await withTable({ $0.transactionConnections = 1 }) { client, observer in
            let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array("1\n".utf8))
                continuation.finish(throwing: Refusal())
            }
            await #expect(throws: Refusal.self) { try await client.copyIn("COPY t FROM STDIN", source) }
            try await expectRows(0, observer)
            try await expectCopied(3, client, rows(3))
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test func `a statement that is no COPY is refused where COPY is expected`() async throws {
        try await withTable { client, _ in
            let outcome = await code { try await client.copyIn("SELECT 1", rows: rows(1)) }
            #expect(outcome != nil)
            try await expectCopied(1, client, rows(1))
        }
    }
}
