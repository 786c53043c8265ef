internal import Foundation
internal import Territory

/// Whether a site is open, remembered until that changes: reading opening hours walks a week of local days, which costs
/// more than all the rest of a request.
///
/// Not Sendable: each packet thread has one per NAS.
struct OpeningWindow {
    /// Looked at again after this even if nothing was due to change: a week is as far as opening hours look ahead.
    private static let longestMemory: TimeInterval = 3600

    private var from = Date.distantFuture
    private var until = Date.distantPast
    private var isOpen = true
    /// When it closes; nil: not within a week.
    private var closesAt: Date?

    /// The hours at an instant: nil when closed, else when they close (`.distantFuture`: not within a week).
    mutating func closing(of hours: OpeningHours, in zone: TimeZone, at now: Date) -> Date? {
        // `from` as well: a clock that was stepped back must not use what was read in its future.
        if now < from || now >= until { read(hours, zone, now) }
        return isOpen ? closesAt ?? .distantFuture : nil
    }

    private mutating func read(_ hours: OpeningHours, _ zone: TimeZone, _ now: Date) {
        from = now
        until = now.addingTimeInterval(Self.longestMemory)
        switch hours.state(at: now, in: zone) {
        case .open(let seconds):
            isOpen = true
            closesAt = seconds.map { Self.boundary(now, $0) }
            if let closesAt { until = min(until, closesAt) }
        case .closed(let seconds):
            (isOpen, closesAt) = (false, nil)
            if let seconds { until = min(until, Self.boundary(now, seconds)) }
        }
    }

    /// The instant `seconds` (rounded up) ahead: hours begin and end on whole minutes, so what was rounded is known.
    private static func boundary(_ now: Date, _ seconds: Int) -> Date {
        Date(timeIntervalSince1970: (now.timeIntervalSince1970 + Double(seconds)).rounded(.down))
    }
}
