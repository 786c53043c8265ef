internal import Evidence
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Pacing
internal import ServiceLifecycle
internal import Store
internal import Territory

/// The daemon's parts, put together, and their tasks.
///
/// They end in the order of dependence: listeners, what they had parsed, the archiver, the sealer, the last look at the
/// sources.
struct RetentionWorks: Sendable {
    private let configuration: RetentionConfiguration
    private let stores: RetentionStores
    private let clock: RetentionClock
    private let logger: Logger
    private let lock: ArchiveLock
    private let register = SourceRegister()
    private let queue: IntakeQueue
    private let templates: FlowTemplates
    private let ledger: Ledger
    private let sealer: Sealer
    private let archiver: Archiver
    private let monitor: SourceMonitor
    private let recovery: Recovery
    private let purger: Purger
    /// One thread each for archiver and sealer, who block in the kernel; the rest for listeners.
    private let threads: MultiThreadedEventLoopGroup

    init(
        _ configuration: RetentionConfiguration, _ stores: RetentionStores, clock: RetentionClock, files: DurableFiles,
        logger: Logger
    ) async throws {
        (self.configuration, self.stores, self.clock, self.logger) = (configuration, stores, clock, logger)
        let layout = ArchiveLayout(root: configuration.directory)
        for folder in layout.folders { try files.makeDirectory(folder) }
        lock = try ArchiveLock(layout)
        threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (first, second) = (threads.next(), threads.next())
        queue = IntakeQueue(capacity: configuration.limits.queuedRecords)
        templates = FlowTemplates(layout, files: files)
        ledger = try Ledger(
            layout, files: files, signer: configuration.signer, catalogue: stores.catalogue, loop: second, clock: clock,
            logger: logger)
        sealer = Sealer(
            layout, files: files, recipients: configuration.recipients, ledger: ledger, loop: second, clock: clock,
            logger: logger)
        let terms = Archiver.Terms(
            policy: configuration.policy, injunctions: InjunctionRegister(), recipients: configuration.recipients,
            limits: configuration.limits)
        archiver = Archiver(layout, files: files, terms: terms, sealer: sealer, loop: first, logger: logger)
        monitor = SourceMonitor(register, ledger: ledger, sources: stores.sources, clock: clock, logger: logger)
        recovery = Recovery(layout: layout, files: files, ledger: ledger, clock: clock, logger: logger)
        purger = Purger(
            layout: layout, files: files, ledger: ledger, catalogue: stores.catalogue,
            policy: configuration.policy.reference, clock: clock, logger: logger)
    }

    /// Serves until a graceful shutdown or cancellation.
    func run(
        ready: @escaping @Sendable ([IntakeListeners.Bound]) -> Void, stuck: @escaping @Sendable (Bool) -> Void
    ) async throws {
        _ = try await recovery.run()
        try await readDeclarations()
        try await enter("started")
        try await monitor.begin()
        await ledger.catchUpCatalogue()
        let parts = IntakeListeners.Parts(
            register: register, queue: queue, templates: templates, clock: clock, logger: logger)
        let listeners = try await IntakeListeners(configuration, parts, group: MultiThreadedEventLoopGroup.singleton)
        ready(listeners.bound)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await sealer.run(retries: Ticker(interval: .seconds(1), clock: ContinuousClock())) }
            group.addTask {
                try await takeIn(stuck: stuck)
                try await archiver.sealAll()
                sealer.finish()
            }
            group.addTask {
                await cancelWhenGracefulShutdown { await keepTime() }
                await listeners.close()
                queue.close()
            }
            group.addTask { await cancelWhenGracefulShutdown { await follow() } }
            try await group.waitForAll()
        }
        try await monitor.look()
        try templates.write()
        try await enter("stopped")
        try await threads.shutdownGracefully()
    }

    /// Writes into the log what the archive itself does: between a start and the stop before it nothing was taken in.
    private func enter(_ event: String) async throws {
        try await ledger.append([
            LogEntry(.event, ["time": "\(clock.milliseconds())", "subject": "archive", "detail": event])
        ])
    }

    /// Makes durable what listeners hand over, until the queue is closed and empty.
    private func takeIn(stuck: @escaping @Sendable (Bool) -> Void) async throws {
        var retries = Ticker(interval: .seconds(1), clock: ContinuousClock()).makeAsyncIterator()
        while let batches = await queue.take() {
            var isTaken = false
            while true {
                do {
                    if isTaken {
                        try await archiver.proceed(now: clock.milliseconds())
                    } else {
                        isTaken = true
                        try await archiver.take(batches, now: clock.milliseconds())
                    }
                    stuck(false)
                    break
                } catch {
                    stuck(true)
                    logger.error("nothing is taken into the archive", metadata: ["error": "\(error)"])
                    guard await retries.next() != nil else { throw error }
                }
            }
            queue.settle(batches.reduce(0) { $0 + $1.count })
        }
    }

    /// What time alone brings about.
    private func keepTime() async {
        var seconds = 0
        for await _ in Ticker(interval: .seconds(1), clock: ContinuousClock()) {
            seconds += 1
            do {
                try await archiver.sealDue(now: clock.milliseconds())
                if seconds % 60 == 0 {
                    try await monitor.look()
                    try templates.write()
                    await ledger.catchUpCatalogue()
                    try await purger.run()
                }
            } catch {
                logger.error("the archive's housekeeping goes on in a while", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Follows sources and injunctions as they are declared.
    private func follow() async {
        for await event in stores.changes {
            switch event {
            case .change(let change) where [.source, .injunction, .site].contains(change.subject): break
            case .resync: break
            case .change, .current, .lost: continue
            }
            do { try await readDeclarations() } catch {
                logger.warning("declarations could not be read again", metadata: ["error": "\(error)"])
            }
        }
    }

    private func readDeclarations() async throws {
        let sources = try await stores.sources.all()
        for fault in register.replace(sources) {
            logger.error("a source cannot be served", metadata: ["error": "\(fault)"])
        }
        await archiver.replace(sources: sources)
        await archiver.replace(injunctions: try await stores.injunctions.register())
    }
}
