internal import Evidence
import Foundation
internal import Logging
internal import Store
internal import Territory

/// Once a minute: what each source has told, what of it is lost, how its clock goes and whether it is silent. People see
/// it in the store; what an auditor needs becomes entries of the log.
actor SourceMonitor {
    private let register: SourceRegister
    private let ledger: Ledger
    private let sources: LogSources
    private let clock: RetentionClock
    private let logger: Logger
    private var watched: [LogSourceID: Watched] = [:]
    private var lastMinute: Int64

    /// What is known of one source over time.
    private struct Watched {
        var lastReceived: Int64?
        var isSilent = false
        var lastClockEntry: Int64?
    }

    /// How often a source's clock is written into the log, in milliseconds.
    static let clockInterval: Int64 = 3_600_000

    init(
        _ register: SourceRegister, ledger: Ledger, sources: LogSources, clock: RetentionClock, logger: Logger
    ) {
        (self.register, self.ledger, self.sources, self.clock, self.logger) = (register, ledger, sources, clock, logger)
        lastMinute = clock.milliseconds()
    }

    /// Takes over what the store knows of sources from before.
    func begin() async throws {
        for (source, seen) in try await sources.sightings() {
            let received = seen.lastReceivedAt.map { Int64($0.timeIntervalSince1970 * 1_000) }
            watched[source.id] = Watched(lastReceived: received, isSilent: seen.silentSince != nil)
        }
    }

    /// One look at every source. Throws what the disk says of the log; the store may be away.
    func look() async throws {
        let now = clock.milliseconds()
        var (entries, sightings): ([LogEntry], [SourceSighting]) = ([], [])
        for served in register.all {
            let tally = served.take()
            served.observe(lead: tally.clockLead)
            entries += try entriesOf(served, tally, now)
            sightings.append(sighting(served, tally))
            SourceMetrics.count(tally, of: served.source.name)
        }
        lastMinute = now
        try await ledger.append(entries)
        do {
            try await sources.note(sightings)
            try await sources.note(unknown: register.takeUnknown(at: clock.date))
        } catch {
            logger.warning("what was seen of sources could not be stored", metadata: ["error": "\(error)"])
        }
    }

    private func entriesOf(_ served: ServedSource, _ tally: SourceTally, _ now: Int64) throws -> [LogEntry] {
        var known = watched[served.source.id] ?? Watched()
        defer { watched[served.source.id] = known }
        let name = served.source.name
        var entries: [LogEntry] = []
        for (cause, count) in tally.lost.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > 0 {
            entries.append(
                try LogEntry.gap(
                    source: name, from: lastMinute, until: now, cause: cause.rawValue, lost: count, time: now))
        }
        if let received = tally.lastReceived {
            if known.isSilent, let last = known.lastReceived {
                entries.append(
                    try LogEntry.gap(source: name, from: last, until: received, cause: "silence", lost: nil, time: now))
            }
            (known.lastReceived, known.isSilent) = (received, false)
        } else {
            // One that never spoke is silent from when it was declared to us.
            let last = known.lastReceived ?? now
            known.lastReceived = last
            known.isSilent = now - last >= Int64(served.source.silentAfterSeconds) * 1_000
        }
        if let offset = served.clock.milliseconds, now - (known.lastClockEntry ?? .min / 2) >= Self.clockInterval {
            known.lastClockEntry = now
            entries.append(
                try LogEntry(
                    .clock,
                    [
                        "time": "\(now)", "source": name, "offset": "\(offset)",
                        "tolerance": "\(served.clock.tolerance)",
                    ]))
        }
        return entries
    }

    private func sighting(_ served: ServedSource, _ tally: SourceTally) -> SourceSighting {
        let date = { (time: Int64?) in time.map { Date(timeIntervalSince1970: Double($0) / 1_000) } }
        let known = watched[served.source.id]
        var seen = SourceSighting(source: served.source.id)
        (seen.lastEventAt, seen.lastReceivedAt) = (date(tally.lastEvent), date(tally.lastReceived))
        (seen.records, seen.ignored) = (tally.records, tally.ignored.values.reduce(0, +))
        (seen.malformed, seen.lost) = (tally.malformed.values.reduce(0, +), tally.lost.values.reduce(0, +))
        seen.clockOffsetMilliseconds = served.clock.milliseconds
        seen.silentSince = known?.isSilent == true ? date(known?.lastReceived) : nil
        return seen
    }
}
