public import Foundation
public import Logging
public import Postgres

/// What changed in the store, as it is committed: an endless sequence that survives lost connections.
///
/// `NOTIFY` carries each change. After a gap the changes committed meanwhile are read from `territory.change`: those of
/// transactions that were not over when we last began to listen. Some may come twice, which costs a cache entry; none is
/// missed. Each iteration is a subscription of its own.
public struct ChangeFeed: AsyncSequence, Sendable {
    /// The channel that triggers notify.
    public static let channel = "socle_change"
    /// Rows younger than this are never pruned.
    public static let retention = Duration.seconds(3_600)
    /// Changes caught up one by one; after more of them dropping everything is cheaper.
    public static let longestCatchUp = 10_000
    /// A position older than this is not caught up from, lest pruning be faster.
    static let oldestPosition = Duration.seconds(3_000)

    private let client: PostgresClient
    private let logger: Logger

    /// The feed of this client's database.
    public init(_ client: PostgresClient, logger: Logger) { (self.client, self.logger) = (client, logger) }

    /// Subscribes.
    public func makeAsyncIterator() -> Iterator {
        Iterator(client: client, logger: logger, events: client.listen([Self.channel]).makeAsyncIterator())
    }

    /// Deletes rows committed before `instant`, which must be ``retention`` ago or more. Returns how many.
    @discardableResult
    public func prune(before instant: Date) async throws -> Int {
        try await client.write("DELETE FROM territory.change WHERE at < \(instant)", repeatable: true).affected
    }

    /// One subscription.
    public struct Iterator: AsyncIteratorProtocol {
        let client: PostgresClient
        let logger: Logger
        var events: AsyncStream<ListenEvent>.Iterator
        private var pending: ArraySlice<ChangeEvent> = []
        private var position: Position?

        init(client: PostgresClient, logger: Logger, events: AsyncStream<ListenEvent>.Iterator) {
            (self.client, self.logger, self.events) = (client, logger, events)
        }

        /// Transactions below `transaction` were over, and their changes visible, at `taken`.
        private struct Position {
            let transaction: String
            let taken: ContinuousClock.Instant
        }

        /// The next event; nil when the client has ended or the task is cancelled.
        public mutating func next() async -> ChangeEvent? {
            while true {
                if let event = pending.popFirst() { return event }
                guard let event = await events.next(isolation: #isolation) else { return nil }
                switch event {
                case .listening: pending = await catchUp()[...]
                case .notification(_, let payload):
                    if let change = Self.change(payload) { return .change(change) }
                case .lost: return .lost
                }
            }
        }

        /// What happened since the last position, and a new position.
        private mutating func catchUp() async -> [ChangeEvent] {
            let start = ContinuousClock.now
            let since = position.flatMap { start - $0.taken < ChangeFeed.oldestPosition ? $0.transaction : nil }
            position = nil
            do {
                let rows = try await client.query(Self.statement(since: since))
                var events: [ChangeEvent] = since == nil ? [.resync] : []
                for row in rows {
                    let (transaction, subject, key) = try row.decode(String.self, String?.self, Int64?.self)
                    position = Position(transaction: transaction, taken: start)
                    guard let key, let subject = subject.flatMap(Change.Subject.init) else { continue }
                    events.append(.change(Change(subject: subject, key: key)))
                }
                if rows.count > ChangeFeed.longestCatchUp { return [.resync] }
                // Somebody who heard `lost` has to hear that it is over.
                return events.isEmpty ? [.current] : events
            } catch {
                logger.warning(
                    "the change feed cannot be caught up, caches are dropped", metadata: ["error": "\(error)"])
                return [.resync]
            }
        }

        /// One row at least: the position is the same in all of them. An unknown position yields no changes.
        private static func statement(since transaction: String?) -> SQL {
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text, missed.subject, missed.key
            FROM (SELECT 1) AS always LEFT JOIN LATERAL (
                SELECT subject, key FROM territory.change WHERE transaction >= \(transaction)::text::xid8
                ORDER BY transaction, id LIMIT \(Int64(ChangeFeed.longestCatchUp) + 1)
            ) AS missed ON true
            """
        }

        /// Reads `sequence:subject:key`. Nil for a subject that a newer schema may know.
        static func change(_ payload: String) -> Change? {
            let parts = payload.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, let subject = Change.Subject(rawValue: String(parts[1])), let key = Int64(parts[2])
            else { return nil }
            return Change(subject: subject, key: key)
        }
    }
}
