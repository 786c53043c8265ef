/// What one accounting record does to the stored session, and what it adds to the day's usage.
public struct SessionChange: Sendable, Hashable {
    /// What to write.
    public enum Action: Sendable, Hashable {
        /// Insert this row; its version is 1.
        case create(SessionRow)
        /// Replace the row; its version is one more than that of the row it replaces.
        case update(SessionRow)
        /// Write nothing.
        case ignore(IgnoreReason)
        /// Move `old`, closed, to the archive, and replace the live row by `new`, whose version is one more.
        case archiveThenCreate(old: SessionRow, new: SessionRow)
    }

    /// Why a record writes nothing.
    public enum IgnoreReason: String, Sendable, Hashable, CaseIterable {
        /// It says nothing that is not known: a retransmission, or older than what came before it.
        case duplicate
        /// It is about an earlier session that had the same key.
        case earlierSession = "earlier-session"
        /// Accounting-On and Accounting-Off are about a NAS; see ``SessionState/close(_:by:)``.
        case notAboutASession = "not-about-a-session"
    }

    /// What to write.
    public var action: Action
    /// What to add to the usage of ``subject``; never negative.
    public var usage: Usage
    /// Whether a counter went backwards and was taken as a new baseline: worth a metric, it is a gateway's defect.
    public var counterWentBack: Bool

    /// A change.
    public init(_ action: Action, usage: Usage = .zero, counterWentBack: Bool = false) {
        self.action = action
        self.usage = usage
        self.counterWentBack = counterWentBack
    }

    /// The live row after the change; nil where nothing is written.
    public var row: SessionRow? {
        switch action {
        case .create(let row), .update(let row), .archiveThenCreate(_, let row): row
        case .ignore: nil
        }
    }

    /// Whose usage to add to.
    public var subject: SubjectReference? { row?.subject }
}
