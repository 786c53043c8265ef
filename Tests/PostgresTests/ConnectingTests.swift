import Foundation
import Testing

@testable import Postgres

/// Servers that are away, silent or the wrong one; and the end of a client.
@Suite(.timeLimit(.minutes(1))) struct ConnectingTests {
    @Test func `a server that is away: calls wait for their time and then fail`() async throws {
        try await withClient("host=/nonexistent", { $0.callTimeout = .milliseconds(300) }) { client in
            await expect(.connectionFailed) { _ = try await client.query("SELECT 1") }
            await expect(.connectionFailed) { _ = try await client.write("SELECT 1", repeatable: false) }
            await expect(.connectionFailed) { try await client.transaction { _ in } }
            #expect(client.statistics.isConnected == false)
        }
    }

    @Test func `with an outage tolerance calls fail at once while there is no server`() async throws {
        try await withClient("host=/nonexistent", { $0.outageTolerance = .zero }) { client in
            await expect(.connectionFailed) { _ = try await client.query("SELECT 1") }
            let start = ContinuousClock.now
            await expect(.connectionFailed) { _ = try await client.query("SELECT 1") }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test func `of several hosts the one that answers is used`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        let several = conninfo.replacing("host='", with: "host='/nonexistent,") + " target_session_attrs=read-write"
        try await withClient(several) { try await expectService($0) }
    }

    @Test func `a host that accepts and says nothing costs one connect timeout, then the next is used`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        try await withSilentHost { silent in
            let several = conninfo.replacing("host='", with: "host='\(silent),")
            try await withClient(several, { $0.connectTimeout = .milliseconds(200) }) { client in
                let start = ContinuousClock.now
                try await expectService(client)
                #expect(ContinuousClock.now - start >= .milliseconds(200))
            }
        }
    }

    @Test func `a standby is passed over when a primary is asked for`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        let wrong = conninfo + " target_session_attrs=standby"
        try await withClient(wrong, { $0.callTimeout = .milliseconds(500) }) { client in
            await expect(.connectionFailed) { _ = try await client.query("SELECT 1") }
        }
    }

    @Test func `a connection string that cannot be read ends run() with that, and the calls with closed`() async throws
    {
        let client = PostgresClient(configuration: .init(conninfo: "nonsense"), logger: ScratchCluster.quiet)
        await expect(.configuration) { try await client.run() }
        await expect(.closed) { _ = try await client.query("SELECT 1") }
    }

    @Test func `calls made before run() are served by it`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        let client = PostgresClient(configuration: .init(conninfo: conninfo), logger: ScratchCluster.quiet)
        let early = Task { try await client.query("SELECT \(3)") }
        try await expectEventually { client.statistics.waiting == 1 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let answer = try await early.value.first?.decode(Int.self)
            #expect(answer == 3)
            group.cancelAll()
        }
    }

    @Test func `the end of a client serves what was asked before and refuses what comes after`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        let client = PostgresClient(configuration: .init(conninfo: conninfo), logger: ScratchCluster.quiet)
        let running = Task { try await client.run() }
        try await expectService(client)
        // What is asked first waits for a lock, which goes only when the end has begun: nobody has to be quick.
        let lock = PostgresClient(configuration: .init(conninfo: conninfo), logger: ScratchCluster.quiet)
        let locking = Task { try await lock.run() }
        defer { locking.cancel() }
        let (slow, queued) = try await lock.transaction { transaction in
            _ = try await transaction.query("SELECT pg_advisory_xact_lock(1)")
            let slow = Task { try await client.query("SELECT pg_advisory_xact_lock(1)") }
            let queued = Task { try await client.query("SELECT \(1)") }
            try await expectEventually {
                let reads = client.statistics.reads
                return reads.completed == 1 && reads.inFlight + reads.waiting == 2
            }
            running.cancel()
            return (slow, queued)
        }
        try await running.value
        await expect(nil) { _ = try await slow.value }
        await expect(nil) { _ = try await queued.value }
        await expect(.closed) { _ = try await client.query("SELECT 1") }
        await expect(.closed) { try await client.transaction { _ in } }
    }

    @Test func `the end of a client waits no longer than its grace`() async throws {
        let conninfo = try await ScratchCluster.shared().createDatabase()
        var configuration = PostgresConfiguration(conninfo: conninfo)
        configuration.shutdownGrace = .milliseconds(200)
        let client = PostgresClient(configuration: configuration, logger: ScratchCluster.quiet)
        let running = Task { try await client.run() }
        try await expectService(client)
        let read = Task { try await client.query("SELECT pg_sleep(30)") }
        let write = Task { try await client.write("SELECT pg_sleep(30)", repeatable: false) }
        try await expectEventually { client.statistics.reads.inFlight + client.statistics.writes.inFlight == 2 }
        let start = ContinuousClock.now
        running.cancel()
        try await running.value
        #expect(ContinuousClock.now - start < .seconds(10))
        await expect(.closed) { _ = try await read.value }
        await expect(.unknownOutcome) { _ = try await write.value }
    }

    /// A unix socket that accepts connections and never answers.
    private func withSilentHost(_ body: (String) async throws -> Void) async throws {
        let directory = NSTemporaryDirectory() + "/socle-silent-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = "\(directory)/.s.PGSQL.5432"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 8) == 0)
        try await body(directory)
    }
}
