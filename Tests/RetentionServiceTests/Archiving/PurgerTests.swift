import Evidence
import Foundation
import NIOCore
import NIOPosix
import NetworkLogs
import Postgres
import Store
import Territory
import Testing

@testable import RetentionService

@Suite(.timeLimit(.minutes(1))) struct PurgerTests {
    /// An archive with a segment of each of three days, and its parts.
    private func withThreeDays(
        _ body: (ArchiveBench, StandingClock, Ledger, Purger) async throws -> Void
    ) async throws {
        try await ArchiveBench.with { bench in
            let source = try await bench.declare(
                NewLogSource(name: "nat", kind: .syslog, address: IPPrefix("192.0.2.7"), dialects: ["routeros"]))
            let clock = StandingClock()
            let process = try await ArchiveProcess(bench, [source], clock: clock.clock)
            let batches = (0..<3).map { day in
                let time = ArchiveBench.start - Int64(day) * SegmentKey.dayMilliseconds
                return [
                    IntakeRecord(
                        event: NetworkEvent(.natCreated, time: time), source: source.id, received: ArchiveBench.start)
                ]
            }
            _ = await process.take(batches)
            let purger = Purger(
                layout: bench.layout, files: DurableFiles(), ledger: process.ledger,
                catalogue: SegmentCatalogue(bench.client), policy: "france/1", clock: clock.clock,
                logger: ScratchCluster.quiet)
            try await body(bench, clock, process.ledger, purger)
            try await process.end()
        }
    }

    /// Milliseconds until so many of the three days are over, each for a year from its end.
    private func expiry(_ day: Int64) throws -> Int64 {
        let end = Date(
            timeIntervalSince1970: Double(
                (SegmentKey.day(of: ArchiveBench.start) - day + 1) * SegmentKey.dayMilliseconds) / 1_000)
        let year = try #require(RetentionPeriod(1, .years))
        return Int64(year.end(after: end).timeIntervalSince1970 * 1_000) - ArchiveBench.start
    }

    @Test func `a segment goes at its expiry and not a millisecond before, and its neighbours' proofs still hold`()
        async throws
    {
        try await withThreeDays { bench, clock, ledger, purger in
            #expect(try bench.records().count == 3)
            clock.advance(try expiry(2) - 1)
            #expect(try await purger.run() == 0)
            clock.advance(1)
            #expect(try await purger.run() == 1)
            #expect(try bench.records().count == 2)
            #expect(try await purger.run() == 0, "once is enough")
            let entries = try bench.entries()
            let destroyed = entries.filter { $0.kind == .destroyed }
            #expect(destroyed.map { $0["reason"] } == ["expired"])
            let kept = try await SegmentCatalogue(bench.client).kept()
            #expect(Set(kept.map(\.name)) == Set(try bench.records().map(\.object)))
            try expectProven(bench, kept, entries)
        }
    }

    @Test func `what the crash of a purge leaves is finished by the next, with one entry`() async throws {
        struct Crash: Error {}
        try await withThreeDays { bench, clock, ledger, purger in
            clock.advance(try expiry(2))
            let dying = Purger(
                layout: bench.layout,
                files: DurableFiles { step in if step == .objectDestroyed { throw Crash() } }, ledger: ledger,
                catalogue: purger.catalogue, policy: "france/1", clock: clock.clock, logger: ScratchCluster.quiet)
            await #expect(throws: Crash.self) { try await dying.run() }
            #expect(try bench.records().count == 2)
            #expect(try bench.entries().filter { $0.kind == .destroyed }.isEmpty)
            #expect(try await purger.run() == 1)
            #expect(try bench.entries().filter { $0.kind == .destroyed }.count == 1)
        }
    }

    @Test func `a catalogue that was altered destroys nothing that the log keeps`() async throws {
        try await withThreeDays { bench, _, _, purger in
            _ = try await bench.client.write(
                "UPDATE retention.segment SET expires_at = clock_start + interval '1 second'", repeatable: true)
            await #expect(throws: RetentionError(.damaged, "")) { try await purger.run() }
            #expect(try bench.records().count == 3)
        }
    }

    @Test func `a catalogue that lacks anything is made whole from the log, destroyed segments too`() async throws {
        try await withThreeDays { bench, clock, ledger, purger in
            clock.advance(try expiry(2))
            try await purger.run()
            let catalogue = SegmentCatalogue(bench.client)
            let whole = try await catalogue.leaves()
            #expect(whole.values.filter { $0 }.count == 1)
            for damage in [
                "DELETE FROM retention.segment", "UPDATE retention.segment SET destroyed_at = NULL",
                "DELETE FROM retention.segment WHERE leaf = (SELECT min(leaf) FROM retention.segment)",
            ] {
                _ = try await bench.client.write(SQL(unescaped: damage), repeatable: true)
                #expect(try await catalogue.leaves() != whole)
                let process = try await ArchiveProcess(bench, [], clock: clock.clock)
                try await process.end()
                #expect(try await catalogue.leaves() == whole, "\(damage)")
            }
        }
    }

    /// Each kept segment's entry is in the tree of the published checkpoint.
    private func expectProven(_ bench: ArchiveBench, _ kept: [CataloguedSegment], _ entries: [LogEntry]) throws {
        let note = try SignedNote(octets: try DurableFiles.read(bench.layout.checkpoint, limit: 1 << 20))
        #expect(try note.verify([bench.signer.verifier]).count == 1)
        let checkpoint = try Checkpoint(note.text)
        let layout = bench.layout
        let tree = LogTree(size: checkpoint.size) { try layout.read($0) }
        for segment in kept {
            let leaf = try #require(UInt64(exactly: segment.leaf))
            try MerkleProof.checkInclusion(
                of: try tree.entry(leaf), at: leaf, size: checkpoint.size, root: checkpoint.root,
                proof: try tree.inclusionProof(of: leaf))
        }
    }
}
