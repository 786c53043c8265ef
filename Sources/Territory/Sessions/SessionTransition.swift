import Foundation

/// A record that meets a stored row of its key.
struct SessionTransition {
    let row: SessionRow
    let record: AccountingRecord
    /// Acct-Session-Time where the record has one to go by. Zero in a Stop or an Interim of a session that has counted
    /// already is how some gateways say that they do not know.
    private let told: Int64?
    private let age: Age

    /// The record's place relative to what the row knows.
    enum Age { case older, same, newer }

    /// What the row says of the session.
    enum Phase { case open, stopped, inferred }

    init(row: SessionRow, record: AccountingRecord) {
        self.row = row
        self.record = record
        let seconds = record.kind == .start ? nil : record.believedSeconds
        told = seconds == 0 && row.counters.seconds > 0 ? nil : seconds
        if let told {
            let known = row.counters.seconds
            age = told > known ? .newer : told < known ? .older : .same
        } else {
            let event = record.eventTime.date
            age = event > row.lastEventAt ? .newer : event < row.lastEventAt ? .older : .same
        }
    }

    var phase: Phase { row.isOpen ? .open : row.inferredStop ? .inferred : .stopped }

    private var event: Date { record.eventTime.date }

    /// When the session began by this record alone.
    private var impliedStart: Date { event.addingTimeInterval(-TimeInterval(told ?? 0)) }

    /// Whether the NAS uses the key again. Too late a verdict mends itself at the next Interim, which begins after the
    /// row's last event; too early a one counts twice. So a Start without a time of its own gets the benefit of the
    /// doubt, and so does one that meets a session that has counted nothing yet.
    var beginsAnotherSession: Bool {
        switch record.kind {
        case .start:
            let certain = record.eventTime.isPrecise && (phase != .open || row.counters.seconds > 0)
            return event > row.lastEventAt.addingTimeInterval(certain ? 0 : SessionState.retransmissionSeconds)
        case .interim, .stop:
            guard let told, phase == .stopped || told < row.counters.seconds else { return false }
            let slack = record.eventTime.isPrecise ? SessionState.roundingSeconds : SessionState.retransmissionSeconds
            return impliedStart > row.lastEventAt.addingTimeInterval(slack)
        case .on, .off: return false
        }
    }

    /// Whether the record is a straggler of a session that had this key before.
    var isOfEarlierSession: Bool {
        switch record.kind {
        case .start: return event < row.startedAt.addingTimeInterval(-SessionState.startSlackSeconds)
        case .interim, .stop:
            let longBefore = row.startedAt.addingTimeInterval(-SessionState.startSlackSeconds)
            if record.eventTime.isPrecise {
                // What has counted for longer than rounding cannot have happened before the beginning.
                let slack = TimeInterval(told ?? 0) > SessionState.roundingSeconds ? 0 : SessionState.roundingSeconds
                let isAtStart = event <= row.startedAt.addingTimeInterval(SessionState.roundingSeconds)
                return event < row.startedAt.addingTimeInterval(-slack) || isAtStart && impliedStart < longBefore
            }
            guard told != nil, row.counters.seconds == 0 else { return false }
            return impliedStart < longBefore
                && event.timeIntervalSince(row.startedAt) <= SessionState.retransmissionSeconds
        case .on, .off: return false
        }
    }

    func change() -> SessionChange {
        var next = row
        var merge = CounterMerge(row.counters)
        switch (phase, record.kind) {
        case (.open, .start), (.stopped, .start), (.inferred, .start):
            learnBeginning(&next)
        case (.open, .interim):
            count(&next, &merge)
        case (.stopped, .interim):
            count(&next, &merge)
            if contradictsStop { reopen(&next) }
        case (.inferred, .interim):
            count(&next, &merge)
            if outlivesInference { reopen(&next) }
        case (.open, .stop), (.inferred, .stop):
            count(&next, &merge)
            // A Stop older than an Interim already seen: the session went on after it.
            if age != .older { stop(&next) }
        case (.stopped, .stop):
            count(&next, &merge)
            if told != nil, age == .newer { stop(&next) }
        case (_, .on), (_, .off):
            return SessionChange(.ignore(.notAboutASession))
        }
        guard next != row else { return SessionChange(.ignore(.duplicate)) }
        next.version &+= 1
        next.receivedAt = max(row.receivedAt, record.receivedAt)
        return SessionChange(.update(next), usage: merge.usage, counterWentBack: merge.wentBack)
    }

    /// Whether the session goes on after a Stop that the NAS sent: counted further, and later than it.
    private var contradictsStop: Bool {
        guard let stoppedAt = row.stoppedAt, event > stoppedAt, age == .newer else { return false }
        return told != nil || record.eventTime.isPrecise
    }

    /// Whether the session goes on after we had taken it for ended. An end concluded from silence lies at the last
    /// event, so any news disproves it; one concluded from Accounting-On or -Off takes news from after that moment.
    private var outlivesInference: Bool {
        guard let stoppedAt = row.stoppedAt, age == .newer else { return false }
        return stoppedAt <= row.lastEventAt || event > stoppedAt
    }

    private func learnBeginning(_ next: inout SessionRow) {
        learnWho(&next)
        next.startedAt = record.eventTime.isPrecise ? event : min(row.startedAt, event)
        if let stoppedAt = next.stoppedAt, stoppedAt < next.startedAt { next.stoppedAt = next.startedAt }
        next.lastEventAt = max(row.lastEventAt, next.startedAt)
    }

    private func count(_ next: inout SessionRow, _ merge: inout CounterMerge) {
        learnWho(&next)
        let elapsed = Int64(exactly: event.timeIntervalSince(row.startedAt).rounded(.down)) ?? 0
        let seconds = told ?? (age == .newer ? min(elapsed, SessionState.believedSessionSeconds) : 0)
        merge.merge(record, seconds: seconds, isProvenNewer: told != nil && age == .newer)
        next.counters = merge.counters
        if age == .newer { next.lastEventAt = max(row.lastEventAt, event) }
    }

    private func stop(_ next: inout SessionRow) {
        next.stoppedAt = max(event, next.startedAt)
        next.lastEventAt = max(row.lastEventAt, event)
        next.inferredStop = false
        next.terminateCause = record.terminateCause
    }

    private func reopen(_ next: inout SessionRow) {
        next.stoppedAt = nil
        next.inferredStop = false
        next.terminateCause = nil
    }

    /// Addresses come late (DHCP, IPv6) and change; the newest that is told stays.
    private func learnWho(_ next: inout SessionRow) {
        let prefersRecord = age == .newer && record.kind != .start
        if let subject = record.subject, prefersRecord || next.subject == nil { next.subject = subject }
        if let address = record.framedAddress, prefersRecord || next.framedAddress == nil {
            next.framedAddress = address
        }
        if !next.shared.isSame(as: record.shared) {
            next.particulars.learn(record.shared.value, preferringTold: prefersRecord)
        }
    }
}
