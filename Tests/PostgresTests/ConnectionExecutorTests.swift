import Foundation
import Logging
import Synchronization
import Testing

@testable import Postgres

/// Tasks on the thread of a write connection.
@Suite struct ConnectionExecutorTests {
    @Test func `tasks run on the connection's thread, before and after each write`() async throws {
        try await withDatabase({ $0.writeConnections = 2 }) { client, _ in
            _ = try await client.write("CREATE TABLE t (id int PRIMARY KEY)", repeatable: false)
            try await withThrowingTaskGroup(of: [String].self) { group in
                for (index, executor) in client.writeExecutors.enumerated() {
                    group.addTask(executorPreference: executor) {
                        var names: [String] = []
                        for number in 0..<100 {
                            names.append(Self.thread)
                            try await client.write(
                                "INSERT INTO t VALUES (\(Int32(index * 100 + number)))", repeatable: true)
                            names.append(Self.thread)
                        }
                        return Set(names).sorted()
                    }
                }
                let threads = try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
                #expect(threads == ["pg-writes-0", "pg-writes-1"])
            }
            #expect(try await client.query("SELECT count(*) FROM t").first?.decode(Int.self) == 200)
        }
    }

    @Test func `ten thousand tasks of one thread all end, with calls of other threads between them`() async throws {
        try await withDatabase { client, _ in
            let executor = client.writeExecutors[0]
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10_000 {
                    group.addTask(executorPreference: number % 2 == 0 ? executor : nil) {
                        number % 100 == 0
                            ? try await client.write("SELECT \(number)", repeatable: true).first?.decode(Int.self) ?? 0
                            : number
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 49_995_000)
        }
    }

    @Test func `a pause ends no sooner than asked for, on the thread, while the connection is used`() async throws {
        try await withDatabase { client, _ in
            let executor = client.writeExecutors[0]
            _ = try await client.write("SELECT 1", repeatable: true)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 1...50 {
                    group.addTask(executorPreference: executor) {
                        let end = ContinuousClock.now + .microseconds(200 * number)
                        await executor.pause(until: end)
                        return ContinuousClock.now >= end ? Self.thread : nil
                    }
                }
                for _ in 1...20 { _ = try await client.write("SELECT 1", repeatable: true) }
                for try await thread in group { #expect(thread == "pg-writes-0") }
            }
        }
    }

    @Test func `pauses end with the client`() async throws {
        let client = PostgresClient(
            configuration: PostgresConfiguration(conninfo: try await ScratchCluster.shared().createDatabase()),
            logger: ScratchCluster.quiet)
        let executor = client.writeExecutors[0]
        await executor.pause(until: .now + .seconds(3600))
        let running = Task { try await client.run() }
        _ = try await client.write("SELECT 1", repeatable: true)
        let pausing = Task(executorPreference: executor) { await executor.pause(until: .now + .seconds(3600)) }
        // Behind it on the thread: it pauses by now.
        await Task(executorPreference: executor) {}.value
        running.cancel()
        try await running.value
        await pausing.value
    }

    @Test func `tasks run while no server can be reached, and learn that`() async throws {
        try await withClient("host=127.0.0.1 port=1 dbname=nobody", { $0.outageTolerance = .milliseconds(200) }) {
            client in
            let refusal = await Task(executorPreference: client.writeExecutors[0]) {
                await code { try await client.write("SELECT 1", repeatable: true) }
            }.value
            #expect(refusal == .connectionFailed)
        }
    }

    @Test func `tasks run before the client does and after it has ended`() async throws {
        let client = PostgresClient(
            configuration: PostgresConfiguration(conninfo: try await ScratchCluster.shared().createDatabase()),
            logger: ScratchCluster.quiet)
        let executor = client.writeExecutors[0]
        #expect(await Task(executorPreference: executor) { 1 }.value == 1)
        let running = Task { try await client.run() }
        let answer = try await Task(executorPreference: executor) {
            try await client.write("SELECT 2", repeatable: true).first?.decode(Int.self)
        }.value
        #expect(answer == 2)
        running.cancel()
        try await running.value
        #expect(await Task(executorPreference: executor) { 3 }.value == 3)
        let refusal = await Task(executorPreference: executor) {
            await code { try await client.write("SELECT 4", repeatable: true) }
        }.value
        #expect(refusal == .closed)
    }

    private static var thread: String { Thread.current.name ?? "" }
}
