/// One thing that changed in the store, and that caches may hold.
public struct Change: Sendable, Hashable {
    /// The table it is in.
    public enum Subject: String, Sendable, Hashable, CaseIterable {
        /// `territory.nas`
        case nas
        /// `territory.site`
        case site
        /// `access.voucher`
        case voucher
        /// `access.login_grant`
        case loginGrant = "login_grant"
        /// `identity.account`
        case account
        /// `retention.source`
        case source
        /// `retention.injunction`
        case injunction
    }

    /// The table it is in.
    public let subject: Subject
    /// Its row.
    public let key: Int64

    /// A change of a row.
    public init(subject: Subject, key: Int64) { (self.subject, self.key) = (subject, key) }
}

/// What a reader of the change feed is told.
public enum ChangeEvent: Sendable, Hashable {
    /// Drop what you hold of this row.
    case change(Change)
    /// Changes may have been missed: drop everything. Comes first, and after a gap that cannot be caught up.
    case resync
    /// The feed is up again after `lost` and nothing was missed.
    case current
    /// The feed is down: what is held may be old until the next event.
    case lost
}
