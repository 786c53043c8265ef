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
            #expect(kept.map(\.name) == sealed.map { $0.objectName })
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

    @Test func `datagrams of syslog and of flows are taken from their sources`() async throws {
        try await ArchiveBench.with { bench in
            _ = try await bench.declare(loopback)
            _ = try await bench.declare(
                NewLogSource(name: "bar.flows", kind: .flow, address: IPPrefix("127.0.0.0/8")))
            try await serve(
                bench,
                {
                    $0.syslogUDP = [anyPort]
                    $0.flows = [anyPort]
                }
            ) { _, bound in
                let syslog = try #require(bound.first { $0.role == .syslogUDP }).port
                let flows = try #require(bound.first { $0.role == .flows }).port
                try await send(datagram: Array(Self.line(4_300).utf8), to: syslog)
                try await send(datagram: Self.ipfix, to: flows)
                try await Tick.until { try bench.journalledRecords() == 2 }
            }
            let found = try bench.records().map(\.record)
            #expect(Set(found.map { String(decoding: $0.source, as: UTF8.self) }) == ["bar.nat", "bar.flows"])
            #expect(Set(found.map(\.publicPort)) == [4_300, 4_301])
        }
    }

    /// A template and one record of a translation that began (RFC 7011 §3, RFC 8158 §5.1): time, event, both sources.
    private static let ipfix: [UInt8] = {
        let fields: [(UInt16, UInt16)] = [(323, 8), (230, 1), (4, 1), (8, 4), (225, 4), (7, 2), (227, 2)]
        var template: [UInt8] = octets(256, 2) + octets(fields.count, 2)
        for (element, length) in fields { template += octets(Int(element), 2) + octets(Int(length), 2) }
        let now = Int(Date().timeIntervalSince1970)
        let record =
            octets(now * 1_000, 8) + [4, 6] + [192, 168, 5, 51] + [198, 51, 100, 7] + octets(4_301, 2)
            + octets(4_301, 2)
        let sets =
            octets(2, 2) + octets(template.count + 4, 2) + template + octets(256, 2)
            + octets(record.count + 4, 2) + record
        return octets(10, 2) + octets(sets.count + 16, 2) + octets(now, 4) + octets(0, 4) + octets(7, 4) + sets
    }()

    private static func octets(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }

    private func send(datagram: [UInt8], to port: Int) async throws {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(bytes: datagram)).get()
        try await channel.close()
    }

    @Test func `over TLS a sender is known by its certificate, and another one is let go`() async throws {
        try await ArchiveBench.with { bench in
            let files = try TLSFiles(in: bench.root + "-tls")
            defer { files.remove() }
            _ = try await bench.declare(
                NewLogSource(
                    name: "bar.tls", kind: .syslog, certificateName: "gw.bar.example", dialects: ["routeros"]))
            let tls = RetentionConfiguration.TLS(
                listening: anyPort, certificate: files.path("server.pem"), key: files.path("server.key"),
                authorities: files.path("ca.pem"))
            try await serve(bench, { $0.syslogTLS = [tls] }) { _, bound in
                let port = try #require(bound.first).port
                for (name, first) in [("stranger", 4_500), ("other", 4_510), ("gw", 4_400)] {
                    let text = Self.line(first)
                    try files.send("\(text.utf8.count) \(text)", as: name, to: port)
                }
                try await Tick.until { try bench.journalledRecords() == 1 }
            }
            #expect(try bench.records().map(\.record.publicPort) == [4_400])
        }
    }
}
