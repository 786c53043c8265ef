import Postgres
import Testing

@Suite struct QueryTests {
    @Test func `a query binds its parameters and decodes its columns`() async throws {
        try await withDatabase { client, _ in
            let rows = try await client.query("SELECT \(41)::int8 + 1, \("é"), \(nil as String?)")
            #expect(rows.count == 1)
            let (number, text, none) = try #require(rows.first).decode(Int64.self, String.self, String?.self)
            #expect(number == 42 && text == "é" && none == nil)
        }
    }

    @Test func `a write is visible to a read once it has returned`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t (id bigint PRIMARY KEY, name text)", repeatable: false)
            let answer = try await client.write("INSERT INTO t VALUES (\(1), \("a"))", repeatable: true)
            #expect(answer.affected == 1)
            #expect(try await client.query("SELECT name FROM t").decode(String.self) == ["a"])
        }
    }

    @Test func `a transaction commits what its body did`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write("CREATE TABLE t (id bigint)", repeatable: false)
            try await client.transaction { transaction in
                try await transaction.write("INSERT INTO t VALUES (\(1))")
                try await transaction.write("INSERT INTO t VALUES (\(2))")
            }
            #expect(try await client.query("SELECT count(*) FROM t").first?.decode(Int.self) == 2)
        }
    }
}
