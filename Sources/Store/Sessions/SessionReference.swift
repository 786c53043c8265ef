public import Territory

/// What a live session is found by: its NAS, and what identifies it to that NAS.
public struct SessionReference: Sendable, Hashable, Comparable {
    /// The NAS that reports it.
    public let nasID: NASID
    /// What identifies it to that NAS.
    public let key: SessionKey

    /// A session of a NAS.
    public init(nasID: NASID, key: SessionKey) { (self.nasID, self.key) = (nasID, key) }

    /// The order of the primary key, in which locks are taken.
    public static func < (left: Self, right: Self) -> Bool {
        (left.nasID.rawValue, left.key.high, left.key.low) < (right.nasID.rawValue, right.key.high, right.key.low)
    }
}

extension SessionRow {
    /// What it is found by.
    public var reference: SessionReference { SessionReference(nasID: nasID, key: sessionKey) }
}

/// A session as it was read, and from where.
public struct LoadedSession: Sendable, Hashable {
    /// The table it was in.
    public enum Place: Sendable, Hashable {
        /// `access.live_session`
        case live
        /// `access.session`: closed long enough to have been moved.
        case history
    }

    /// Its columns.
    public let row: SessionRow
    /// The table it was in.
    public let place: Place

    /// A session that was read, or written, at this place.
    public init(_ row: SessionRow, place: Place = .live) { (self.row, self.place) = (row, place) }
}
