public import Foundation
public import Territory

/// The records of one session that wait together, folded into one write.
public struct SessionFold: Sendable {
    private let previous: LoadedSession?
    /// The session as the records so far make it.
    public private(set) var current: SessionRow?
    private var archived: [SessionRow] = []
    private var usage: [UsageDelta] = []

    /// Begins from what was read or written last; nil: there is no such session.
    public init(from previous: LoadedSession?) {
        self.previous = previous
        current = previous?.row
    }

    /// Applies the next record of this session, in the order of arrival. `day` is the day of its event in the calendar of
    /// its site. What the rules said is returned, for counting; it needs nothing more done.
    public mutating func apply(
        _ record: AccountingRecord, on day: CivilDay, newSessionID: () -> UUID
    ) -> SessionChange {
        let change = SessionState.apply(existing: current, record: record, newSessionID: newSessionID)
        if case .archiveThenCreate(let old, _) = change.action { archived.append(old) }
        guard let row = change.row else { return change }
        current = row
        guard let subject = row.subject, change.usage != .zero else { return change }
        add(UsageDelta(subject: subject, organisationID: row.organisationID, day: day, usage: change.usage))
        return change
    }

    /// What is to be written; nil when the records changed nothing.
    public var write: SessionWrite? {
        guard let current, current != previous?.row else { return nil }
        return SessionWrite(previous: previous, row: current, archived: archived, usage: usage)
    }

    private mutating func add(_ delta: UsageDelta) {
        if let index = usage.firstIndex(where: { $0.subject == delta.subject && $0.day == delta.day }) {
            usage[index].usage += delta.usage
        } else {
            usage.append(delta)
        }
    }
}
