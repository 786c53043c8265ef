import AccessService
import Foundation
import Synchronization

/// The machine's clocks, the calendar shifted by what a test says.
final class SteppedClock: Sendable {
    private let offset = Mutex<TimeInterval>(0)

    func step(by seconds: TimeInterval) { offset.withLock { $0 += seconds } }

    var clock: AccessClock {
        AccessClock(
            calendar: { Date(timeIntervalSinceNow: self.offset.withLock(\.self)) },
            monotonic: AccessClock.system.monotonic)
    }
}
