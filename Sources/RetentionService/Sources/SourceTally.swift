internal import NetworkLogs

/// What was seen of one source since the last look.
struct SourceTally: Sendable, Equatable {
    /// Events handed to the archive.
    var records: Int64 = 0
    /// Messages that say nothing of an attribution, by reason.
    var ignored: [IgnoredReason: Int64] = [:]
    /// Messages that could not be read, by reason.
    var malformed: [MalformedReason: Int64] = [:]
    /// What is known to be lost, by cause.
    var lost: [LossCause: Int64] = [:]
    /// The last event by the source's clock, in milliseconds since 1970 UTC.
    var lastEvent: Int64?
    /// When anything came last.
    var lastReceived: Int64?
    /// The greatest difference of an event's time and its coming, in milliseconds: of many messages the one that was
    /// fastest on its way tells most of the source's clock.
    var clockLead: Int64?

    static let empty = SourceTally()

    /// Counts one parsed message; times the source did not tell itself say nothing of its clock.
    mutating func count(_ outcome: LineOutcome, received: Int64) {
        lastReceived = max(lastReceived ?? received, received)
        switch outcome {
        case .event(let event): count(event, received: received)
        case .ignored(let reason): ignored[reason, default: 0] += 1
        case .malformed(let reason, _): malformed[reason, default: 0] += 1
        }
    }

    /// Counts an event.
    mutating func count(_ event: NetworkEvent, received: Int64) {
        records += 1
        lastReceived = max(lastReceived ?? received, received)
        guard !event.timeTraits.contains(.fromReception) else { return }
        lastEvent = max(lastEvent ?? event.time, event.time)
        let (lead, overflow) = event.time.subtractingReportingOverflow(received)
        if !overflow { clockLead = max(clockLead ?? lead, lead) }
    }

    /// Adds what another has counted.
    mutating func add(_ other: SourceTally) {
        records += other.records
        ignored.merge(other.ignored, uniquingKeysWith: +)
        malformed.merge(other.malformed, uniquingKeysWith: +)
        lost.merge(other.lost, uniquingKeysWith: +)
        lastEvent = [lastEvent, other.lastEvent].compactMap(\.self).max()
        lastReceived = [lastReceived, other.lastReceived].compactMap(\.self).max()
        clockLead = [clockLead, other.clockLead].compactMap(\.self).max()
    }
}

/// Why something of a source is not in the archive.
enum LossCause: String, Sendable, CaseIterable {
    /// The archive could not keep up, or its disk was full.
    case queueFull = "queue"
    /// The kernel dropped datagrams before we saw them.
    case socket
    /// Sequence numbers that never came.
    case sequence
    /// Flow data whose template never came.
    case template
    /// A message that its framing lost: too long, or cut.
    case framing
}
