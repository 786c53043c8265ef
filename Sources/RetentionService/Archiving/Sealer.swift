internal import Evidence
internal import Foundation
internal import Logging
internal import NIOCore

/// A segment that takes no more records, on its way to the sealer.
///
/// `@unchecked Sendable`: the archiver has dropped the builder when it hands it over, so that one actor alone holds it.
struct SealingWork: @unchecked Sendable {
    let label: SegmentLabel
    let builder: SegmentBuilder

    init(_ label: SegmentLabel, _ builder: SegmentBuilder) { (self.label, self.builder) = (label, builder) }
}

/// Seals segments: compresses and encrypts, publishes the object, has it entered in the log, drops the journal. An actor on
/// a thread of its own, beside the archiver's, since a large segment takes a second of a processor.
actor Sealer {
    private let layout: ArchiveLayout
    private let files: DurableFiles
    private let recipients: Recipients
    private let ledger: Ledger
    private let loop: any EventLoop
    private let clock: RetentionClock
    private let logger: Logger
    private let queue: AsyncStream<SealingWork>
    private let entrance: AsyncStream<SealingWork>.Continuation
    private var backlog = 0
    /// Nothing is sealed any more: journals stand for what still comes.
    private var hasEnded = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Segments that wait at a time: each is as large as an open one.
    static let longestBacklog = 2

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    init(
        _ layout: ArchiveLayout, files: DurableFiles, recipients: Recipients, ledger: Ledger, loop: any EventLoop,
        clock: RetentionClock, logger: Logger
    ) {
        (self.layout, self.files, self.recipients, self.ledger) = (layout, files, recipients, ledger)
        (self.loop, self.clock, self.logger) = (loop, clock, logger)
        (queue, entrance) = AsyncStream.makeStream()
    }

    /// Takes a segment to seal. Returns at once, unless too many wait already.
    func accept(_ work: SealingWork) async {
        backlog += 1
        entrance.yield(work)
        if backlog > Self.longestBacklog, !hasEnded { await withCheckedContinuation { waiters.append($0) } }
    }

    /// Takes no more; ``run(retries:)`` ends when what waits is sealed.
    nonisolated func finish() { entrance.finish() }

    /// Seals what is accepted until ``finish()``. What the disk refuses is tried again at each of `retries`; its journal
    /// stands for it until then, and for what is left when the task is cancelled.
    func run(retries: some AsyncSequence<Void, Never>) async {
        defer {
            hasEnded = true
            resumeWaiters()
        }
        var retries = retries.makeAsyncIterator()
        for await work in queue {
            while true {
                do {
                    try await publish(work)
                    break
                } catch {
                    logger.error(
                        "a segment cannot be sealed; its journal stands for it",
                        metadata: ["segment": "\(work.label.id)", "error": "\(error)"])
                    guard await retries.next(isolation: self) != nil else { return release() }
                }
            }
            release()
        }
    }

    private func release() {
        backlog -= 1
        resumeWaiters()
    }

    private func resumeWaiters() {
        let resumed = waiters
        waiters = []
        for waiter in resumed { waiter.resume() }
    }

    private func publish(_ work: SealingWork) async throws {
        var label = work.label
        label.sealedAt = clock.milliseconds()
        let sealed = try work.builder.seal(label, to: recipients)
        let name = label.objectName
        try files.makeDirectory((layout.object(name) as NSString).deletingLastPathComponent)
        try files.publish(sealed.octets, at: layout.object(name))
        try await ledger.enter(try LogEntry.sealed(sealed))
        // A journal that stays is known as sealed, and removed, at the next start.
        try? files.remove(layout.journal(label.id))
        try files.probe(.journalRemoved)
        logger.info(
            "sealed a segment",
            metadata: [
                "object": "\(name)", "records": "\(sealed.header.records)", "octets": "\(sealed.octets.count)",
            ])
    }
}
