internal import Postgres

/// Rings whenever commands may have been left: at once, at each notification, and after the connection was away.
public struct OutboxArrivals: AsyncSequence, Sendable {
    let client: PostgresClient

    /// Subscribes.
    public func makeAsyncIterator() -> Iterator {
        Iterator(events: client.listen([Outbox.channel]).makeAsyncIterator())
    }

    /// One subscription.
    public struct Iterator: AsyncIteratorProtocol {
        var events: AsyncStream<ListenEvent>.Iterator

        /// Returns when there may be something to claim; nil when the client has ended or the task is cancelled.
        public mutating func next() async -> Void? {
            while let event = await events.next(isolation: #isolation) {
                switch event {
                case .listening, .notification: return ()
                case .lost: continue
                }
            }
            return nil
        }
    }
}

extension Outbox {
    /// When to look for commands. What is due later rings nothing: look once in a while too.
    public var arrivals: OutboxArrivals { OutboxArrivals(client: client) }
}
