public import Foundation

/// The life of a session as its NAS tells it: late, twice, out of order, or not at all.
///
/// Records of one session commute: whatever their order and however often each comes, the counters end at the NAS's
/// last, and the usage added sums to exactly these. What orders them is Acct-Session-Time, which no retransmission
/// changes; the clock only where it is absent.
public enum SessionState {
    /// How late a retransmission may be. Within it, a Start that carries no time of its own is taken for one.
    public static let retransmissionSeconds: TimeInterval = 60
    /// Rounding between Event-Timestamp and Acct-Session-Time, both whole seconds.
    static let roundingSeconds: TimeInterval = 2
    /// How far a Start may lie from the beginning that an earlier-seen Interim or Stop implied.
    static let startSlackSeconds: TimeInterval = 120
    /// An Acct-Session-Time above this is a defect and counts as absent.
    static let believedSessionSeconds: Int64 = 366 * 86_400
    /// Reports that may be missing before a session is taken for ended.
    public static let missedInterims = 3
    /// Youngest age at which a session is closed for silence, in seconds.
    public static let minimumStaleSeconds: TimeInterval = 900

    /// Causes written where the end was concluded.
    public enum InferredCause: String, Sendable, CaseIterable {
        /// No report for too long.
        case silence = "inferred:silence"
        /// The NAS said that it started.
        case accountingOn = "inferred:accounting-on"
        /// The NAS said that it was about to stop.
        case accountingOff = "inferred:accounting-off"
        /// The NAS began another session under the same identifier.
        case newSession = "inferred:new-session"
    }

    /// Applies a record to the row that has its key, if any. `newSessionID` is called at most once, and only when a
    /// session begins. For an Interim or a Stop whose key is not among the live rows, `existing` should be looked for
    /// in the archive too: without it what the session had used before counts again.
    public static func apply(
        existing: SessionRow?, record: AccountingRecord, newSessionID: () -> UUID
    ) -> SessionChange {
        switch record.kind {
        case .on, .off: return SessionChange(.ignore(.notAboutASession))
        case .start, .interim, .stop: break
        }
        guard let existing else {
            let (row, usage) = beginning(record, id: newSessionID(), version: 1)
            return SessionChange(.create(row), usage: usage)
        }
        let transition = SessionTransition(row: existing, record: record)
        if transition.beginsAnotherSession {
            var old = existing
            if old.isOpen { infer(&old, at: old.lastEventAt, .newSession) }
            let (new, usage) = beginning(record, id: newSessionID(), version: existing.version &+ 1)
            return SessionChange(.archiveThenCreate(old: old, new: new), usage: usage)
        }
        if transition.isOfEarlierSession { return SessionChange(.ignore(.earlierSession)) }
        return transition.change()
    }

    /// The row as Accounting-On or Accounting-Off leaves it; nil where the session is closed already, is another NAS's,
    /// or was heard of after that moment (RFC 2866 §5.1: all sessions of the NAS end).
    public static func close(_ row: SessionRow, by record: AccountingRecord) -> SessionRow? {
        let cause: InferredCause
        switch record.kind {
        case .on: cause = .accountingOn
        case .off: cause = .accountingOff
        case .start, .interim, .stop: return nil
        }
        guard row.isOpen, row.nasID == record.nasID, row.lastEventAt <= record.eventTime.date else { return nil }
        var closed = row
        infer(&closed, at: record.eventTime.date, cause)
        closed.receivedAt = record.receivedAt
        closed.version &+= 1
        return closed
    }

    /// The row closed for silence; nil where it is closed already or may still be alive. It ends at the last thing
    /// known of it.
    ///
    /// Silence counts from the later of its last record and `listeningSince`: after an outage of ours every session
    /// looks silent, and closing them all would be our fault, not theirs.
    public static func closeIfSilent(
        _ row: SessionRow, now: Date, interimSeconds: Int, listeningSince: Date
    ) -> SessionRow? {
        guard row.isOpen else { return nil }
        let silence = now.timeIntervalSince(max(row.receivedAt, listeningSince))
        guard silence > staleSeconds(interimSeconds: interimSeconds) else { return nil }
        var closed = row
        infer(&closed, at: row.lastEventAt, .silence)
        closed.version &+= 1
        return closed
    }

    /// Silence after which a session with this report interval is taken for ended.
    public static func staleSeconds(interimSeconds: Int) -> TimeInterval {
        max(minimumStaleSeconds, TimeInterval(interimSeconds) * TimeInterval(missedInterims + 1))
    }

    private static func infer(_ row: inout SessionRow, at instant: Date, _ cause: InferredCause) {
        row.stoppedAt = max(instant, row.startedAt)
        row.inferredStop = true
        row.terminateCause = cause.rawValue
    }

    /// The row of a session first heard of by this record.
    private static func beginning(_ record: AccountingRecord, id: UUID, version: Int32) -> (SessionRow, Usage) {
        let event = record.eventTime.date
        let counters = SessionCounters(
            seconds: record.kind == .start ? 0 : record.believedSeconds ?? 0,
            inputOctets: max(0, record.input.octets ?? 0), outputOctets: max(0, record.output.octets ?? 0),
            inputPackets: max(0, record.input.packets ?? 0), outputPackets: max(0, record.output.packets ?? 0))
        let row = SessionRow(
            sessionID: id, version: version, record: record,
            startedAt: event.addingTimeInterval(-TimeInterval(counters.seconds)), counters: counters)
        return (row, counters.usage)
    }
}

extension SessionCounters {
    var usage: Usage { Usage(seconds: seconds, inputOctets: inputOctets, outputOctets: outputOctets) }
}

extension AccountingRecord {
    /// Acct-Session-Time where it is there and can be true.
    var believedSeconds: Int64? {
        sessionSeconds.flatMap { (0...SessionState.believedSessionSeconds).contains($0) ? $0 : nil }
    }
}
