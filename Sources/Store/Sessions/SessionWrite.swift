public import Territory

/// One session's row to be written, over the version it was read at.
public struct SessionWrite: Sendable, Hashable {
    /// What was read, or written last; nil: there was no such session.
    public let previous: LoadedSession?
    /// What is to stand in the live table. Its version follows that of `previous`, whatever the caller put.
    public let row: SessionRow
    /// Sessions that had the same key and are over; they go to the history as they are.
    public let archived: [SessionRow]
    /// What usage grows by, at most once for each subject and day.
    public let usage: [UsageDelta]

    /// A write of `row` over `previous`.
    public init(
        previous: LoadedSession?, row: SessionRow, archived: [SessionRow] = [], usage: [UsageDelta] = []
    ) {
        // A session that is in the history as it was, followed by another with its key: for the live table that is new.
        let isFollowed = previous.map { $0.place == .history && archived.first == $0.row } ?? false
        self.previous = isFollowed ? nil : previous
        self.archived = isFollowed ? Array(archived.dropFirst()) : archived
        var row = row
        row.version = (self.previous?.row.version ?? 0) &+ 1
        self.row = row
        self.usage = usage
    }

    /// What it is found by.
    public var reference: SessionReference { row.reference }

    /// The row as a reader will find it once this is written: what the next write builds on.
    public var written: LoadedSession { LoadedSession(row, place: .live) }

    /// How it is written.
    enum Shape {
        /// A row that is not there.
        case addition
        /// The same session with newer counters, times or address: what nearly every interim and stop is.
        case progress
        /// The same key, other identity: a session that followed another, or whose start or user became known late.
        case replacement
        /// A row taken back from the history.
        case restoration
    }

    var shape: Shape {
        guard let previous else { return .addition }
        if previous.place == .history { return .restoration }
        guard archived.isEmpty, previous.row.hasSameIdentity(as: row) else { return .replacement }
        switch usage.count {
        case 0: return .progress
        case 1: return usage[0].subject == row.subject ? .progress : .replacement
        default: return .replacement
        }
    }
}

extension SessionRow {
    /// Whether everything is equal that an interim does not change.
    fileprivate func hasSameIdentity(as other: SessionRow) -> Bool {
        sessionID == other.sessionID && startedAt == other.startedAt && subject == other.subject
            && hasSameParticulars(as: other)
    }
}
