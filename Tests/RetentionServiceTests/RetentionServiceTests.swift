import Evidence
import Foundation
import NIOCore
import NIOPosix
import Postgres
import ServiceLifecycle
import Store
import Territory
import Testing

@testable import RetentionService

/// The whole daemon on real sockets, a real database and a real disk.
@Suite(.timeLimit(.minutes(1))) struct RetentionServiceTests {
    private static func line(_ port: Int) -> String {
        "<134>Nov 21 23:40:01 gw firewall,info srcnat: in:bridge out:ether1, connection-state:new src-mac "
            + "02:00:5e:00:53:01, proto TCP (SYN), 192.168.5.50:\(port)->203.0.113.9:443, NAT (192.168.5.50:\(port)->"
            + "198.51.100.7:\(port))->203.0.113.9:443, len 60"
    }

    /// Runs the daemon until `body` has returned, and then to its orderly end.
    private func serve(
        _ bench: ArchiveBench, _ change: (inout RetentionConfiguration) -> Void,
        files: DurableFiles = DurableFiles(),
        _ body: @escaping @Sendable (RetentionService, [IntakeListeners.Bound]) async throws -> Void
    ) async throws {
        var configuration = try bench.configuration()
        change(&configuration)
        let service = RetentionService(
            configuration: configuration, stores: bench.stores, clock: .system, files: files,
            logger: ScratchCluster.quiet)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: ScratchCluster.quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                let bound = await service.boundAddresses()
                try #require(!bound.isEmpty)
                try await body(service, bound)
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    private let loopback = NewLogSource(
        name: "bar.nat", kind: .syslog, address: IPPrefix("127.0.0.1"), dialects: ["routeros"])
    private let anyPort = RetentionConfiguration.Listening(host: "127.0.0.1", port: 0)

    private func send(_ text: String, tcp port: Int) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        try await channel.close()
    }

    @Test func `lines over TCP are sealed, in the log and readable by two officers alone`() async throws {
        try await ArchiveBench.with { bench in
            let source = try await bench.declare(loopback)
            let lines = (0..<500).map { Self.line(10_000 + $0) }
            try await serve(bench, { $0.syslogTCP = [anyPort] }) { _, bound in
                try await send(lines.map { $0 + "\n" }.joined(), tcp: try #require(bound.first).port)
                try await Tick.until { try bench.journalledRecords() == 500 }
            }
            let found = try bench.records()
            #expect(found.map(\.record.publicPort).sorted() == (0..<500).map { UInt16(10_000 + $0) })
            #expect(Set(found.map { String(decoding: $0.record.source, as: UTF8.self) }) == [source.name])
            #expect(found.allSatisfy { $0.record.destinationAddress == .none && $0.record.destinationPort == 0 })
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.layout.journals).isEmpty)
            #expect(try bench.entries().filter { $0.kind == .event }.map { $0["detail"] } == ["started", "stopped"])
            let sealed = try bench.entries().filter { $0.kind == .sealed }
            let kept = try await SegmentCatalogue(bench.client).kept()
            #expect(kept.map(\.name) == sealed.map { ArchiveLayout.name(of: $0) })
            #expect(kept.reduce(0) { $0 + $1.records } == 500)
            #expect(kept.allSatisfy { $0.basis.contains("R.10-13 IV") && $0.policy == "france/1" })
        }
    }

    @Test func `no file of the archive holds an address that a line has brought`() async throws {
        try await ArchiveBench.with { bench in
            _ = try await bench.declare(loopback)
            try await serve(bench, { $0.syslogTCP = [anyPort] }) { _, bound in
                try await send(Self.line(4_242) + "\n", tcp: try #require(bound.first).port)
                try await Tick.until { try bench.journalledRecords() == 1 }
                try bench.expectNowhere([0x02, 0x00, 0x5e, 0x00, 0x53, 0x01])
                try bench.expectNowhere(Array("02:00:5e".utf8))
                try bench.expectNowhere(Array("192.168.5.50".utf8))
            }
            try bench.expectNowhere([0x02, 0x00, 0x5e, 0x00, 0x53, 0x01])
            try bench.expectNowhere(Array("192.168.5.50".utf8))
            #expect(try bench.records().map(\.record.mac) == [0x0200_5e00_5301])
        }
    }

    @Test func `a sender that is not declared is let go and counted`() async throws {
        try await ArchiveBench.with { bench in
            try await serve(bench, { $0.syslogTCP = [anyPort] }) { _, bound in
                let port = try #require(bound.first).port
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get()
                try await channel.closeFuture.get()
            }
            #expect(try bench.records().isEmpty)
            let unknown = try await LogSources(bench.client).unknownSenders()
            #expect(unknown.map(\.address.description) == ["127.0.0.1"])
        }
    }
}
