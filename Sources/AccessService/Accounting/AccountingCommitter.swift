internal import Foundation
internal import Store
internal import Territory

/// The group committer: takes all records that have gathered while the last batch was in flight, makes them durable
/// together, and only then lets the packet threads answer.
///
/// Durable is PostgreSQL's commit or, while it is away, the fsynced spool. With neither (no spool, or its disk is full)
/// nothing is answered and the NAS keep their records: loudly, because their memory is small.
final class AccountingCommitter: Sendable {
    let inbox: BatchInbox<AccountingWork>
    private let writer: SessionWriter
    private let spooling: Spooling?
    private let mailboxes: MailboxList
    private let health: AccessHealth
    private let batchLimit: Int
    private let deadlines: Deadlines
    private let storeTimeout: Duration
    /// Where it runs: the thread of the connection that its batches are written over.
    let thread: WriteThread
    private let accountingPace: Duration

    init(
        writer: SessionWriter, spooling: Spooling?, mailboxes: MailboxList, health: AccessHealth,
        deadlines: Deadlines, configuration: AccessConfiguration, thread: WriteThread
    ) {
        (self.thread, accountingPace) = (thread, configuration.accountingPace)
        inbox = BatchInbox(capacity: max(1, configuration.accountingCapacity / configuration.accountingWriters))
        (self.writer, self.spooling, self.mailboxes, self.health) = (writer, spooling, mailboxes, health)
        self.deadlines = deadlines
        (batchLimit, storeTimeout) = (configuration.accountingBatch, configuration.storeTimeout)
    }

    /// Serves until the inbox is closed and empty.
    func run() async {
        var begun: ContinuousClock.Instant?
        while true {
            await inbox.wait()
            if let begun { await pace(from: begun) }
            begun = .now
            let batch = await inbox.next(limit: batchLimit)
            if batch.isEmpty { return }
            await commit(batch)
        }
    }

    /// A batch begins no sooner than `accountingPace` after the one before: what a batch costs whatever its size is several
    /// records' worth, and at middling rates batches of two or three would spend most of both processors on that.
    private func pace(from begun: ContinuousClock.Instant) async {
        await thread.pause(until: begun + accountingPace)
    }

    private func commit(_ batch: [AccountingWork]) async {
        if let spooling, spooling.isActive {
            do {
                // Behind what waits already, so that the records of a session keep their order.
                if try await spooling.append(batch.map(\.spooled.encoded)) {
                    health.spoolSucceeded()
                    return settle(batch, stored: true)
                }
            } catch {
                return refuse(batch, error)
            }
        }
        await store(batch)
    }

    private func store(_ batch: [AccountingWork]) async {
        do {
            let records = batch.map(\.box)
            let refused = try await deadlines.run(storeTimeout, on: thread.executor) {
                try await self.writer.storeEach(records)
            }
            health.storeSucceeded()
            guard !refused.isEmpty else { return settle(batch, stored: true) }
            health.recordsRefused(refused.count)
            let indexes = Set(refused)
            settle(batch.enumerated().filter { !indexes.contains($0.offset) }.map(\.element), stored: true)
            settle(refused.map { batch[$0] }, stored: false)
        } catch {
            health.storeFailed(error)
            await spool(batch, because: error)
        }
    }

    private func spool(_ batch: [AccountingWork], because error: any Error) async {
        guard let spooling else { return refuse(batch, error) }
        do {
            try await spooling.activate(with: batch.map(\.spooled.encoded))
            health.spoolSucceeded()
            settle(batch, stored: true)
        } catch {
            refuse(batch, error)
        }
    }

    private func refuse(_ batch: [AccountingWork], _ error: any Error) {
        health.accountingRefused(error)
        settle(batch, stored: false)
    }

    private func settle(_ batch: [AccountingWork], stored: Bool) {
        var byThread: [Int: [DeferredRequest]] = [:]
        for work in batch { byThread[work.thread, default: []].append(work.request) }
        for (thread, requests) in byThread {
            mailboxes.post(stored ? .stored(requests) : .notStored(requests, .unstorable), to: thread)
        }
    }
}
