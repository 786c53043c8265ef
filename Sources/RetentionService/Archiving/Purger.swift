internal import Evidence
import Foundation
internal import Logging
internal import Store

/// Destroys what may no longer be kept: a segment whose last record's time is over, with the keys that are wrapped in it.
///
/// The object goes first and the log's entry follows: a crash in between is made good by the next round, since the catalogue
/// still names the segment. No other order leaves a DESTROYED entry for what is still there.
struct Purger: Sendable {
    let layout: ArchiveLayout
    let files: DurableFiles
    let ledger: Ledger
    let catalogue: SegmentCatalogue
    let policy: String
    let clock: RetentionClock
    let logger: Logger

    /// One round; returns how many segments it destroyed.
    @discardableResult
    func run() async throws -> Int {
        var destroyed = 0
        while true {
            let due = try await catalogue.due(at: clock.date)
            if due.isEmpty { return destroyed }
            for segment in due {
                try await destroy(segment)
                destroyed += 1
            }
            logger.notice("destroyed what may no longer be kept", metadata: ["segments": "\(due.count)"])
        }
    }

    private func destroy(_ segment: CataloguedSegment) async throws {
        guard let leaf = UInt64(exactly: segment.leaf) else {
            throw RetentionError(.damaged, "\(segment.name): the catalogue names no entry of the log")
        }
        let sealed = try await ledger.entry(leaf)
        guard sealed.objectName == segment.name, let expires = sealed.number("expires"),
            expires <= clock.milliseconds()
        else { throw RetentionError(.damaged, "\(segment.name): catalogue and log do not agree; it stays") }
        try files.remove(layout.object(segment.name))
        try files.probe(.objectDestroyed)
        try await ledger.enter(
            try LogEntry.destroyed(sealed, time: clock.milliseconds(), reason: "expired", policy: policy))
    }
}
