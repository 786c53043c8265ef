/// Instants at a steady interval on an injected clock: the one place of a daemon that waits for time to pass rather than
/// for an event, because what hangs on it (stale sessions, silent sources, partitions, counters) is defined by time passing.
public struct Ticker<C: Clock>: AsyncSequence, Sendable where C.Duration == Duration {
    let interval: Duration
    let clock: C

    /// A tick after each `interval` of `clock`, the first after one of them.
    public init(interval: Duration, clock: C) { (self.interval, self.clock) = (interval, clock) }

    /// Ticks until the task that asks is cancelled.
    public struct Iterator: AsyncIteratorProtocol {
        /// It does not fail.
        public typealias Failure = Never
        let interval: Duration
        let clock: C
        var next: C.Instant

        /// The next tick; nil once the task is cancelled. Ticks missed because the caller was busy are not made up for.
        public mutating func next() async -> Void? {
            let now = clock.now
            if next < now { next = now }
            do { try await clock.sleep(until: next, tolerance: nil) } catch { return nil }
            next = next.advanced(by: interval)
            return ()
        }
    }

    /// Begins to count now.
    public func makeAsyncIterator() -> Iterator {
        Iterator(interval: interval, clock: clock, next: clock.now.advanced(by: interval))
    }
}
