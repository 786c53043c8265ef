import Evidence
import NIOCore
import NIOPosix
import Postgres
import Store
import Territory

@testable import RetentionService

/// The parts of a daemon without its sockets.
struct ArchiveProcess {
    let archiver: Archiver
    let ledger: Ledger
    let sealer: Sealer
    let recovery: Recovery
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    init(
        _ bench: ArchiveBench, _ sources: [LogSource], files: DurableFiles = DurableFiles(),
        limits: ArchiveLimits = ArchiveLimits(), clock: RetentionClock = StandingClock().clock
    ) async throws {
        let layout = bench.layout
        for folder in layout.folders { try files.makeDirectory(folder) }
        let recipients = try bench.configuration().recipients
        ledger = try Ledger(
            layout, files: files, signer: bench.signer, catalogue: SegmentCatalogue(bench.client),
            loop: threads.next(), clock: clock, logger: ScratchCluster.quiet)
        sealer = Sealer(
            layout, files: files, recipients: recipients, ledger: ledger, loop: threads.next(), clock: clock,
            logger: ScratchCluster.quiet)
        let terms = Archiver.Terms(
            policy: bench.policy, injunctions: InjunctionRegister(), recipients: recipients, limits: limits)
        archiver = Archiver(
            layout, files: files, terms: terms, sealer: sealer, loop: threads.next(), logger: ScratchCluster.quiet)
        recovery = Recovery(
            layout: layout, files: files, ledger: ledger, clock: clock, logger: ScratchCluster.quiet)
        await archiver.replace(sources: sources)
        await ledger.catchUpCatalogue()
    }

    /// Takes batches in until the disk, or death, refuses one. Returns those that were promised.
    func take(_ batches: [[IntakeRecord]]) async -> [IntakeRecord] {
        var promised: [IntakeRecord] = []
        await withTaskGroup(of: Void.self) { group in
            // One retry: a process that has died does not try again.
            group.addTask { await sealer.run(retries: [()].async) }
            do {
                for batch in batches {
                    try await archiver.take([batch], now: ArchiveBench.start)
                    promised += batch
                }
                try await archiver.sealAll()
            } catch {}  // dead: it does nothing more
            sealer.finish()
        }
        return promised
    }

    func end() async throws { try await threads.shutdownGracefully() }
}

extension Array where Element: Sendable {
    /// The elements as a sequence that is waited for.
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
