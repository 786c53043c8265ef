import Testing

@testable import Postgres

/// Many callers over few connections, against a real server.
@Suite struct BatchTests {
    @Test func `10 000 concurrent callers each get their own answer`() async throws {
        try await withDatabase({ $0.maximumWaiting = 10_000 }) { client, _ in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<10_000 {
                    group.addTask { try await client.query("SELECT \(number)").first?.decode(Int.self) != number }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wrong == 0)
            // The last callers are answered just before their batch is counted.
            try await expectEventually { client.statistics.reads.completed == 10_000 }
            let statistics = client.statistics.reads
            #expect(statistics.inFlight == 0 && statistics.waiting == 0 && statistics.batches < 5000)
        }
    }

    @Test func `a poison row among 100 fails alone: 99 are stored`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t (id int PRIMARY KEY CHECK (id <> 50))", repeatable: false)
            let failures = await withTaskGroup(of: PostgresError.Code?.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        await code { _ = try await client.write("INSERT INTO t VALUES (\(number))", repeatable: true) }
                    }
                }
                return await group.reduce(into: [PostgresError.Code]()) { if let failure = $1 { $0.append(failure) } }
            }
            #expect(failures == [.server(sqlState: "23514")])
            #expect(try await client.query("SELECT count(*) FROM t").first?.decode(Int.self) == 99)
        }
    }

    @Test func `a row that only the commit refuses fails alone too`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write(
                """
                CREATE TABLE t (id int PRIMARY KEY,
                    parent int REFERENCES t DEFERRABLE INITIALLY DEFERRED)
                """, repeatable: false)
            let failures = await withTaskGroup(of: PostgresError.Code?.self) { group in
                for number in 0..<100 {
                    let parent: Int? = number == 50 ? 1000 : nil
                    group.addTask {
                        await code {
                            _ = try await client.write("INSERT INTO t VALUES (\(number), \(parent))", repeatable: true)
                        }
                    }
                }
                return await group.reduce(into: [PostgresError.Code]()) { if let failure = $1 { $0.append(failure) } }
            }
            #expect(failures == [.server(sqlState: "23503")])
            #expect(try await client.query("SELECT count(*) FROM t").first?.decode(Int.self) == 99)
        }
    }

    @Test func `the violated constraint is named`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t (id int CONSTRAINT positive CHECK (id > 0))", repeatable: false)
            let error = await #expect(throws: PostgresError.self) {
                try await client.write("INSERT INTO t VALUES (\(-1))", repeatable: true)
            }
            #expect(error?.constraint == "positive" && error?.sqlState == "23514")
        }
    }

    @Test func `a setting holds for its statement and for no other of the batch`() async throws {
        try await withDatabase { client, _ in
            let sql: SQL = "SELECT coalesce(current_setting('socle.organisation', true), '')"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    let settings = number % 3 == 0 ? [] : [Setting("socle.organisation", "\(number)")]
                    group.addTask {
                        let seen = try await client.query(sql, settings: settings).first?.decode(String.self)
                        #expect(seen == (settings.first?.value ?? ""))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a write through the read lane is refused by the server`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t (id int)", repeatable: false)
            await #expect(throws: PostgresError(.server(sqlState: "25006"))) {
                try await client.query("INSERT INTO t VALUES (1)")
            }
        }
    }

    @Test func `a statement that cannot be prepared fails alone`() async throws {
        try await withDatabase { client, _ in
            async let wrong = code { _ = try await client.query("SELEKT 1") }
            async let right = client.query("SELECT \(5)").decode(Int.self)
            #expect(await wrong == .server(sqlState: "42601"))
            let answer = try await right
            #expect(answer == [5])
        }
    }

    @Test func `statements survive a change of their table and the loss of their preparation`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t AS SELECT 1 AS a", repeatable: false)
            let sql: SQL = "SELECT * FROM t"
            #expect(try await client.query(sql).columns == ["a"])
            _ = try await client.write("ALTER TABLE t ADD COLUMN b int", repeatable: false)
            #expect(try await client.query(sql).columns == ["a", "b"])
            _ = try await client.query("DEALLOCATE ALL")
            #expect(try await client.query(sql).columns == ["a", "b"])
        }
    }

    @Test func `more texts than the cache holds are served all the same`() async throws {
        try await withDatabase({
            $0.batchLimit = 4
            $0.preparedStatements = 8
        }) { client, _ in
            for round in 0..<3 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let sql: SQL = "SELECT \(unescaped: "\(number)") + \(round)"
                            let sum = try await client.query(sql).first?.decode(Int.self)
                            #expect(sum == number + round)
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let held = try await client.query("SELECT count(*) FROM pg_prepared_statements").first?.decode(Int.self)
            #expect(try #require(held) <= 8)
        }
    }

    @Test func `two writers that lock each other's rows both succeed`() async throws {
        try await withDatabase({ $0.writeConnections = 2 }) { client, _ in
            _ = try await client.write("CREATE TABLE t AS SELECT 1 AS id, 0 AS n UNION SELECT 2, 0", repeatable: false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        _ = try await client.write(
                            "UPDATE t SET n = n + 1 WHERE id = \(1 + number % 2)", repeatable: true)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.query("SELECT sum(n)::int8 FROM t").first?.decode(Int.self) == 200)
        }
    }

    @Test func `a result of many megabytes arrives whole`() async throws {
        try await withDatabase { client, _ in
            async let large = client.query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
            async let small = client.query("SELECT \(1)")
            #expect(try await large.count == 20_000)
            #expect(try await small.count == 1)
            let parameter = String(repeating: "é", count: 4_000_000)
            let length = try await client.query("SELECT length(\(parameter))").first?.decode(Int.self)
            #expect(length == 4_000_000)
        }
    }
}
