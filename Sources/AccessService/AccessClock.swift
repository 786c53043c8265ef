public import Foundation
import Glibc

/// The two clocks of the daemon, injected so that a test can step the calendar back.
///
/// What is limited in time inside this process (duplicates, cache entries, waits) goes by the monotonic clock, which no
/// administrator and no NTP server can step; what is compared with the database or a NAS goes by the calendar.
public struct AccessClock: Sendable {
    /// The calendar.
    public var calendar: @Sendable () -> Date
    /// Nanoseconds since an arbitrary instant, never going back.
    public var monotonic: @Sendable () -> UInt64

    /// A clock from its two readings.
    public init(calendar: @escaping @Sendable () -> Date, monotonic: @escaping @Sendable () -> UInt64) {
        (self.calendar, self.monotonic) = (calendar, monotonic)
    }

    /// The machine's clocks.
    public static let system = AccessClock(
        calendar: { Date() },
        monotonic: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
        })
}
