internal import NetworkLogs
internal import Territory

/// What one channel has parsed since it last handed over: one batch of records, and what was counted of each source.
///
/// One owner, on the channel's event loop.
struct Collector {
    private let queue: IntakeQueue
    private(set) var batch: [IntakeRecord] = []
    private var tallies: [LogSourceID: (source: ServedSource, tally: SourceTally)] = [:]

    init(_ queue: IntakeQueue) { self.queue = queue }

    /// Parses a message of a source.
    mutating func take(_ message: UnsafeRawBufferPointer, of source: ServedSource, at received: Int64) {
        let outcome = source.parser.parse(message, receivedAt: received)
        tallies[source.source.id, default: (source, .empty)].tally.count(outcome, received: received)
        if case .event(let event) = outcome { add(event, of: source, at: received) }
    }

    /// Takes an event that a flow told.
    mutating func take(_ event: NetworkEvent, of source: ServedSource, at received: Int64) {
        tallies[source.source.id, default: (source, .empty)].tally.count(event, received: received)
        add(event, of: source, at: received)
    }

    private mutating func add(_ event: NetworkEvent, of source: ServedSource, at received: Int64) {
        let clock = source.clock
        batch.append(
            IntakeRecord(
                event: event, source: source.source.id, received: received, clockOffset: clock.milliseconds ?? 0,
                clockTolerance: clock.tolerance))
    }

    /// Counts what a source has lost.
    mutating func lose(_ count: Int64, _ cause: LossCause, of source: ServedSource, at received: Int64) {
        guard count > 0 else { return }
        tallies[source.source.id, default: (source, .empty)].tally.lost[cause, default: 0] += count
    }

    /// Hands the batch over; false: there is no room, and it stays here.
    mutating func handOver() -> Bool {
        guard queue.offer(batch) else { return false }
        batch.removeAll(keepingCapacity: batch.count <= 4_096)
        settle()
        return true
    }

    /// Gives the batch up, as lost; for what cannot be asked to wait.
    mutating func giveUp(at received: Int64) {
        for record in batch { tallies[record.source]?.tally.lost[.queueFull, default: 0] += 1 }
        for record in batch { tallies[record.source]?.tally.records -= 1 }
        batch.removeAll(keepingCapacity: true)
        settle()
    }

    private mutating func settle() {
        for (source, tally) in tallies.values { source.add(tally) }
        tallies.removeAll(keepingCapacity: true)
    }
}
