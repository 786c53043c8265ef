/// Instants at a steady interval on an injected clock: the one place of the daemon that waits for time to pass rather than
/// for an event, because what hangs on it (stale sessions, partitions, counters) is defined by time passing.
struct Ticker<C: Clock>: AsyncSequence, Sendable where C.Duration == Duration {
    let interval: Duration
    let clock: C

    struct Iterator: AsyncIteratorProtocol {
        typealias Failure = Never
        let interval: Duration
        let clock: C
        var next: C.Instant

        /// The next tick; nil once the task is cancelled. Ticks missed because the caller was busy are not made up for.
        mutating func next() async -> Void? {
            let now = clock.now
            if next < now { next = now }
            do { try await clock.sleep(until: next, tolerance: nil) } catch { return nil }
            next = next.advanced(by: interval)
            return ()
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(interval: interval, clock: clock, next: clock.now.advanced(by: interval))
    }
}
