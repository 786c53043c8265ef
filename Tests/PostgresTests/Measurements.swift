import Foundation
import Testing

@testable import Postgres

/// Speed and client CPU, printed and not judged, with the rows stored beside the rows claimed. The table has no index, so
/// its rates are an upper bound for real tables: `SOCLE_MEASURE=1 swift test -c release -Xswiftc -enable-testing
/// --filter Measurements`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["SOCLE_MEASURE"] != nil))
struct Measurements {
    /// Runs `operation` from `callers` tasks for a second and a half; `weight` is how many operations one call is.
    private func measure(
        _ what: String, callers: Int, weight: Int = 1, _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        for number in 0..<callers { try await operation(-1 - number) }
        let (start, cpu) = (ContinuousClock.now, processorSeconds())
        let end = start + .milliseconds(1500)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var done = 0
                    while ContinuousClock.now < end {
                        try await operation(caller + done * callers)
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +) * weight
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let micros = (processorSeconds() - cpu) * 1e6 / Double(count)
        print(
            "[\(count) ops in \(String(format: "%.3f", seconds)) s] \(what): \(Int(Double(count) / seconds))/s, client \(String(format: "%.1f", micros)) µs each"
        )
    }

    /// Prints how many rows the table holds, and empties it.
    private func printStored(_ client: PostgresClient) async throws {
        let stored = try await client.query("SELECT count(*) FROM log").first?.decode(Int.self) ?? -1
        print("    stored: \(stored) rows")
        _ = try await client.write("TRUNCATE log", repeatable: false)
    }

    private func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let parts = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
        return parts[0] + parts[1]
    }

    @Test func `pipelined reads and writes, unnest and COPY`() async throws {
        try await withDatabase { client, conninfo in
            _ = try await client.write(
                "CREATE TABLE t AS SELECT n::int8 AS id, 'name ' || n AS name FROM generate_series(0, 9999) n",
                repeatable: false)
            _ = try await client.write("CREATE UNIQUE INDEX ON t (id)", repeatable: false)
            _ = try await client.write("CREATE TABLE log (id int8, name text)", repeatable: false)
            let read: @Sendable (PostgresClient, Int) async throws -> Void = { client, number in
                let rows = try await client.query("SELECT id, name FROM t WHERE id = \(abs(number) % 10_000)")
                _ = try rows.first?.decode(Int64.self, String.self)
            }
            try await measure("SELECT, 1 connection, 64 callers", callers: 64) { try await read(client, $0) }
            try await measure("SELECT, 1 connection, 1 caller", callers: 1) { try await read(client, $0) }
            try await withClient(conninfo, { $0.connections = 2 }) { two in
                try await measure("SELECT, 2 connections, 128 callers", callers: 128) { try await read(two, $0) }
            }
            try await measure("INSERT, 1 connection, 64 callers", callers: 64) {
                _ = try await client.write("INSERT INTO log VALUES (\($0), \("name"))", repeatable: true)
            }
            try await printStored(client)
            let ids = Array(Int64(0)..<500)
            let names = ids.map { "name \($0)" }
            try await measure("INSERT from unnest, 500 rows", callers: 2, weight: 500) { _ in
                _ = try await client.write("INSERT INTO log SELECT * FROM unnest(\(ids), \(names))", repeatable: true)
            }
            try await printStored(client)
            let rows = (0..<10_000).map { Array("\($0)\tname \($0)\n".utf8) }
            try await measure("COPY, 10 000 rows", callers: 1, weight: 10_000) { _ in
                try await client.copyIn("COPY log FROM STDIN", rows: rows)
            }
            try await printStored(client)
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                let value = try await client.query("SELECT current_setting(\(setting))").decode(String.self)
                print("    \(setting) = \(value)")
            }
        }
    }
}
