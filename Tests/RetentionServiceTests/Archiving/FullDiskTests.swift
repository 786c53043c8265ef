import Evidence
import Foundation
import NetworkLogs
import Store
import Territory
import Testing

@testable import RetentionService

/// An archive on a real file system that is too small, and then large enough.
@Suite(.timeLimit(.minutes(2))) struct FullDiskTests {
    private static let mayMount = geteuid() == 0

    private static func mount(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }

    @Test(.enabled(if: mayMount, "mounting a tmpfs needs root"))
    func `a full disk stops intake loudly, and what was taken goes on once there is room`() async throws {
        try await ArchiveBench.with { bench in
            let source = try await bench.declare(
                NewLogSource(name: "nat", kind: .syslog, address: IPPrefix("192.0.2.7"), dialects: ["routeros"]))
            try FileManager.default.createDirectory(atPath: bench.root, withIntermediateDirectories: true)
            try Self.mount("mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "socle-test", bench.root)
            defer { try? Self.mount("umount", "-l", bench.root) }
            let process = try await ArchiveProcess(bench, [source])
            var (taken, refusals) = (0, 0)
            let batch = { (number: Int) in
                (0..<200).map { place in
                    var event = NetworkEvent(.natCreated, time: ArchiveBench.start)
                    event.publicPorts = PortRange(UInt16(number * 200 + place))
                    return IntakeRecord(event: event, source: source.id, received: ArchiveBench.start)
                }
            }
            for number in 0..<40 {
                taken += 200
                do { try await process.archiver.take([batch(number)], now: ArchiveBench.start) } catch {
                    #expect((error as? RetentionError)?.code == .diskFull)
                    refusals += 1
                    break
                }
            }
            #expect(refusals == 1, "128 kB hold no \(taken) records")
            await #expect(throws: RetentionError(.diskFull, "")) {
                try await process.archiver.proceed(now: ArchiveBench.start)
            }
            try Self.mount("mount", "-o", "remount,size=64m", bench.root)
            try await process.archiver.proceed(now: ArchiveBench.start)
            #expect(try bench.journalledRecords() == taken)
            _ = await process.take([])
            #expect(try bench.records().map { Int($0.record.publicPort) }.sorted() == Array(0..<taken))
            #expect(bench.verified().isSound)
            try await process.end()
        }
    }
}
