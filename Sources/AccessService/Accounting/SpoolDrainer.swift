internal import Foundation
internal import Logging
internal import Pacing
internal import RADIUS
internal import Territory

/// Stores what the spool holds, oldest first, once PostgreSQL is back; new records meanwhile queue up behind.
///
/// A record may be stored twice after a crash between the commit and the removal of its segment: the session rules take
/// it for the duplicate that it is.
final class SpoolDrainer: Sendable {
    /// Records per write: larger than a live batch, since nobody waits for the answer.
    private static let batch = 1000
    private let spooling: Spooling
    private let writers: SessionWriters
    private let reader: AccountingReader
    private let health: AccessHealth
    private let deadlines: Deadlines
    private let storeTimeout: Duration
    private let logger: Logger

    init(
        spooling: Spooling, writers: SessionWriters, reader: AccountingReader, health: AccessHealth,
        deadlines: Deadlines, storeTimeout: Duration, logger: Logger
    ) {
        (self.spooling, self.writers, self.reader, self.health) = (spooling, writers, reader, health)
        (self.deadlines, self.storeTimeout, self.logger) = (deadlines, storeTimeout, logger)
    }

    /// Serves until the spooling is closed or the task cancelled; what is left stays on the disk for the next run.
    func run() async {
        while await spooling.waitForWork() {
            logger.warning("accounting goes through the spool until PostgreSQL has taken what waits")
            await drain()
        }
    }

    private func drain() async {
        var retry = Ticker(interval: .seconds(1), clock: ContinuousClock()).makeAsyncIterator()
        while !Task.isCancelled {
            do {
                guard let batch = try await spooling.oldest(limit: Self.batch) else {
                    if await spooling.deactivateIfEmpty() {
                        logger.notice("the spool is empty, accounting goes to PostgreSQL again")
                        return
                    }
                    continue
                }
                let records = batch.payloads.compactMap(record)
                if records.count < batch.payloads.count {
                    health.recordsUnreadable(batch.payloads.count - records.count)
                }
                let refused = try await deadlines.run(storeTimeout * 5) { try await self.writers.storeEach(records) }
                health.storeSucceeded()
                if !refused.isEmpty { health.recordsRefused(refused.count) }
                try await spooling.consume(batch)
            } catch {
                health.storeFailed(error)
                guard await retry.next() != nil else { return }
            }
        }
    }

    private func record(_ payload: [UInt8]) -> RecordBox? {
        guard let spooled = SpooledRecord(payload) else { return nil }
        let origin = AccountingReader.Origin(
            nas: NASID(spooled.nas), organisation: OrganisationID(spooled.organisation), site: SiteID(spooled.site),
            swapsOctets: spooled.swapsOctets)
        return spooled.packet.withUnsafeBytes { bytes in
            guard let packet = try? PacketView(bytes) else { return nil }
            return reader.record(packet, origin: origin, receivedAt: spooled.receivedAt).map(RecordBox.init)
        }
    }
}
