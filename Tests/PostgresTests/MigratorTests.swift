import Foundation
import Testing

@testable import Postgres

@Suite struct MigratorTests {
    private static let shipped = URL(filePath: #filePath).appending(path: "../../../migrations").standardized.path()

    private func migration(_ name: String, _ text: String) throws -> Migration {
        try Migration(name: name, text: Array(text.utf8))
    }

    private func migrator(_ files: KeyValuePairs<String, String>) throws -> Migrator {
        try Migrator(migrations: files.map { try migration($0.key, $0.value) })
    }

    /// Expects a refusal that names the file.
    private func expectRefusal(
        naming name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.code == .migration, sourceLocation: sourceLocation)
        #expect(error?.context.contains(name) == true, sourceLocation: sourceLocation)
    }

    @Test func `the migrations of this repository apply to an empty database, and a second run has nothing to do`()
        async throws
    {
        let migrator = try Migrator(directory: Self.shipped)
        try await withDatabase { client, _ in
            let applied = try await migrator.migrate(client)
            let again = try await migrator.migrate(client)
            let status = try await migrator.status(client)
            #expect(applied == migrator.migrations.map(\.name) && again.isEmpty)
            #expect(status == .init(applied: applied, pending: []))
        }
    }

    @Test func `a migration edited after it was applied is refused by name, before anything is applied`() async throws {
        try await withDatabase { client, _ in
            _ = try await migrator(["0001_a.sql": "CREATE TABLE a ()"]).migrate(client)
            let edited = try migrator(["0001_a.sql": "CREATE TABLE a (); ", "0002_b.sql": "CREATE TABLE b ()"])
            await expectRefusal(naming: "0001_a.sql") { _ = try await edited.migrate(client) }
            await expectRefusal(naming: "0001_a.sql") { _ = try await edited.status(client) }
            let b = try await client.query("SELECT to_regclass('b') IS NULL").first?.decode(Bool.self)
            #expect(b == true)
        }
    }

    @Test func `a migration that was renamed, or is missing, is refused by name`() async throws {
        try await withDatabase { client, _ in
            _ = try await migrator(["0001_a.sql": "SELECT 1", "0002_b.sql": "SELECT 2"]).migrate(client)
            await expectRefusal(naming: "0002_c.sql") {
                _ = try await migrator(["0001_a.sql": "SELECT 1", "0002_c.sql": "SELECT 2"]).migrate(client)
            }
            await expectRefusal(naming: "0002_b.sql") {
                _ = try await migrator(["0001_a.sql": "SELECT 1"]).migrate(client)
            }
        }
    }

    @Test func `a number below one that was applied is refused by name`() throws {
        let files = try [migration("0001_a.sql", ""), migration("0002_b.sql", "")]
        let applied = [MigrationPlan.Applied(number: 2, name: "0002_b.sql", checksum: [2])]
        let error = #expect(throws: PostgresError.self) {
            try MigrationPlan(files: files, checksums: [[1], [2]], applied: applied)
        }
        #expect(error?.context.contains("0001_a.sql") == true)
    }

    @Test func `a migration that fails leaves nothing of itself, and those before it stay`() async throws {
        try await withDatabase { client, _ in
            let failing = try migrator([
                "0001_a.sql": "CREATE TABLE a (); INSERT INTO a DEFAULT VALUES;",
                "0002_b.sql": "CREATE TABLE b ();\nSELECT 1/0;",
                "0003_c.sql": "CREATE TABLE c ()",
            ])
            await expectRefusal(naming: "0002_b.sql") { _ = try await failing.migrate(client) }
            let status = try await failing.status(client)
            #expect(status.applied == ["0001_a.sql"] && status.pending == ["0002_b.sql", "0003_c.sql"])
            let b = try await client.query("SELECT to_regclass('b') IS NULL").first?.decode(Bool.self)
            #expect(b == true)
        }
    }

    @Test func `a file may hold functions, DO blocks and comments with semicolons`() async throws {
        try await withDatabase { client, _ in
            let text = """
                -- a comment; with a semicolon
                CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
                DO $$ BEGIN PERFORM f(); RAISE NOTICE 'said; nothing'; END $$;
                """
            _ = try await migrator(["0001_f.sql": text]).migrate(client)
            let f = try await client.query("SELECT f()").first?.decode(Int.self)
            #expect(f == 1)
        }
    }

    @Test func `programs that start at once migrate once`() async throws {
        try await withDatabase { client, conninfo in
            let migrator = try migrator(["0001_a.sql": "CREATE TABLE a (); SELECT pg_sleep(0.2)"])
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask { try await withClient(conninfo) { try await migrator.migrate($0) } }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied == ["0001_a.sql"])
        }
    }

    @Test(arguments: [
        ["0001_a.sql", "0003_c.sql"], ["0002_b.sql"], ["0001_a.sql", "0001_b.sql"],
    ])
    func `a gap or a number used twice is refused`(_ names: [String]) {
        let error = #expect(throws: PostgresError.self) {
            try Migrator(migrations: names.map { try migration($0, "") })
        }
        #expect(error?.code == .migration)
    }

    @Test(arguments: ["1_a.sql", "00001_a.sql", "0001a.sql", "0001_a.txt", "a.sql", ""])
    func `a file with another kind of name is refused`(_ name: String) {
        #expect(throws: PostgresError(.migration)) { try migration(name, "") }
    }

    @Test func `a file that is no text is refused by name, and a directory that is not there is too`() throws {
        #expect(throws: PostgresError(.migration)) {
            try Migrator(migrations: [Migration(name: "0001_a.sql", text: [0xC3, 0x28])])
        }
        #expect(throws: PostgresError(.migration)) {
            try Migrator(migrations: [Migration(name: "0001_a.sql", text: [0x20, 0])])
        }
        #expect(throws: PostgresError(.configuration)) { try Migrator(directory: "/nonexistent") }
    }
}
