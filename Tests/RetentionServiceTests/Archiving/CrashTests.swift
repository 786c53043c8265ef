import Evidence
import Foundation
import NIOCore
import NIOPosix
import NetworkLogs
import Postgres
import Store
import Synchronization
import Territory
import Testing

@testable import RetentionService

/// The process ends at every step at which the disk is told something: nothing that was promised is lost, nothing is there
/// twice, and nothing half-made is visible.
@Suite struct CrashTests {
    private struct Crash: Error {}

    /// Ends the process at the n-th time of a step, and stays ended.
    private final class Reaper: Sendable {
        private let step: DurableStep
        private let left: Mutex<Int>
        private let isDead = Mutex(false)

        init(_ step: DurableStep, time: Int) {
            self.step = step
            left = Mutex(time)
        }

        func probe(_ at: DurableStep) throws {
            let dies = isDead.withLock { isDead in
                if !isDead, at == step {
                    isDead = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                }
                return isDead
            }
            if dies { throw Crash() }
        }
    }

    private static func batches(_ source: LogSource) -> [[IntakeRecord]] {
        (0..<10).map { batch in
            (0..<7).map { number in
                let port = UInt16(1_000 + batch * 7 + number)
                // The last third is of the day before, so that two segments are open.
                let time = ArchiveBench.start - (batch > 6 ? SegmentKey.dayMilliseconds : 0)
                var event = NetworkEvent(.natSession, time: time)
                (event.publicPorts, event.privatePort) = (PortRange(port), port)
                (event.start, event.end) = (time - 1_000, time)
                return IntakeRecord(event: event, source: source.id, received: ArchiveBench.start)
            }
        }
    }

    @Test(arguments: DurableStep.allCases.filter { $0 != .objectDestroyed }, 1...3)
    func `whatever was promised is in the archive once`(step: DurableStep, time: Int) async throws {
        try await ArchiveBench.with { bench in
            let source = try await bench.declare(
                NewLogSource(
                    name: "nat", kind: .syslog, address: IPPrefix("192.0.2.7"), dialects: ["routeros"]))
            let batches = Self.batches(source)
            let reaper = Reaper(step, time: time)
            var limits = ArchiveLimits()
            limits.records = 20
            let first = try await ArchiveProcess(
                bench, [source], files: DurableFiles(probe: reaper.probe), limits: limits)
            let promised = await first.take(batches)
            try await first.end()

            let second = try await ArchiveProcess(bench, [source], limits: limits)
            _ = try await second.recovery.run()
            try await second.end()
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.layout.journals).isEmpty)

            let found = try bench.records().map { $0.record.publicPort }
            #expect(Set(found).count == found.count, "nothing is there twice")
            #expect(Set(promised.map(\.event.publicPorts.first)).isSubset(of: found), "nothing promised is lost")
            try Self.checkLog(bench)
        }
    }

    /// Every object is in the log once, and the log names nothing that is not there.
    private static func checkLog(_ bench: ArchiveBench) throws {
        let entries = try bench.entries().filter { $0.kind == .sealed || $0.kind == .journal }
        let named = entries.map { $0.objectName }
        #expect(Set(named).count == named.count)
        #expect(Set(named) == Set(try bench.records().map(\.object)))
        // Where nothing was ever entered there is nothing to verify.
        guard !entries.isEmpty else { return }
        let report = bench.verified()
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.isSound)
        #expect(entries.reduce(0) { $0 + ($1.number("records") ?? 0) } == Int64(try bench.records().count))
    }
}
