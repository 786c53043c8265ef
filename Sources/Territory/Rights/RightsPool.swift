/// Rights that subjects may share.
final class SharedRights: Sendable, Hashable {
    let rights: RightsOverride

    init(_ rights: RightsOverride) { self.rights = rights }

    static func == (left: SharedRights, right: SharedRights) -> Bool { left === right || left.rights == right.rights }
    func hash(into hasher: inout Hasher) { hasher.combine(rights) }
}

/// Lets subjects with equal rights keep them once: the vouchers of one desk, the accounts of one group. They are most of
/// what a subject takes in memory.
///
/// Bound: the eight that were seen last. A subject with others keeps its own.
public struct RightsPool: Sendable {
    private static let size = 8
    /// The last seen first.
    private var recent: [SharedRights] = []

    /// An empty pool.
    public init() {}

    /// The same subject; its rights are those of an earlier one where they are equal.
    public mutating func sharing(_ subject: Subject) -> Subject {
        guard let own = subject.ownRights else { return subject }
        var subject = subject
        if let index = recent.firstIndex(of: own) {
            if index > 0 { recent.swapAt(index, 0) }
        } else {
            recent.insert(own, at: 0)
            if recent.count > Self.size { recent.removeLast() }
        }
        subject.ownRights = recent[0]
        return subject
    }
}
