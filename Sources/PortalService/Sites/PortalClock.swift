import Foundation

/// What time it is, for people and for budgets; a parameter so that tests choose it.
struct PortalClock: Sendable {
    let date: @Sendable () -> Date
    let instant: @Sendable () -> ContinuousClock.Instant

    /// The machine's clocks.
    static let system = PortalClock(date: { Date() }, instant: { .now })

    /// Seconds since 1970, whole.
    var seconds: Int64 { Int64(date().timeIntervalSince1970) }
}
