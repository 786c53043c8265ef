import Pacing
import Synchronization
import Testing

@Suite struct TickerTests {
    /// A clock whose sleepers wake when it is set, and which notes until when they slept.
    private final class ManualClock: Clock, Sendable {
        struct Instant: InstantProtocol {
            var offset: Duration
            func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
            func duration(to other: Self) -> Duration { other.offset - offset }
            static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
        }

        private let state = Mutex((now: Instant(offset: .zero), slept: [Duration]()))
        var now: Instant { state.withLock { $0.now } }
        var minimumResolution: Duration { .nanoseconds(1) }
        var slept: [Duration] { state.withLock { $0.slept } }

        /// Sleeping takes no time of anybody's: it sets the clock.
        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            try Task.checkCancellation()
            state.withLock { state in
                state.slept.append(deadline.offset)
                state.now = max(state.now, deadline)
            }
        }

        func pass(_ duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }
    }

    @Test func `ticks come at each interval, the first after one of them`() async {
        let clock = ManualClock()
        var ticks = Ticker(interval: .seconds(10), clock: clock).makeAsyncIterator()
        for _ in 0..<3 { #expect(await ticks.next() != nil) }
        #expect(clock.slept == [.seconds(10), .seconds(20), .seconds(30)])
    }

    @Test func `ticks that were missed are not made up for`() async {
        let clock = ManualClock()
        var ticks = Ticker(interval: .seconds(10), clock: clock).makeAsyncIterator()
        _ = await ticks.next()
        clock.pass(.seconds(35))
        _ = await ticks.next()
        _ = await ticks.next()
        #expect(clock.slept == [.seconds(10), .seconds(45), .seconds(55)])
    }

    @Test func `there is no tick for a task that is cancelled`() async {
        let ticked = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var ticks = Ticker(interval: .seconds(10), clock: ManualClock()).makeAsyncIterator()
            return await ticks.next() != nil
        }.value
        #expect(!ticked)
    }
}
