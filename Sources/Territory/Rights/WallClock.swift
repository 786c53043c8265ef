import Foundation

/// Instants of wall-clock times in one zone, on the nights when a time comes twice or not at all.
struct WallClock {
    let timeZone: TimeZone

    /// Seconds to add to UTC at an instant.
    func offset(at instant: Date) -> Int { timeZone.secondsFromGMT(for: instant) }

    /// The instant's wall-clock reading, in seconds since 1 January 1970 as if the zone were UTC.
    func localSeconds(of instant: Date) -> Double { instant.timeIntervalSince1970 + Double(offset(at: instant)) }

    /// The first instant that reads so; in a gap, the instant at which the clock jumps.
    func earliest(localSeconds: Int) -> Date {
        let (before, after) = candidates(localSeconds)
        return before ?? after ?? jump(around: localSeconds)
    }

    /// The last instant that reads so; in a gap, the instant at which the clock jumps.
    func latest(localSeconds: Int) -> Date {
        let (before, after) = candidates(localSeconds)
        return after ?? before ?? jump(around: localSeconds)
    }

    /// The reading under the offset of the day before and under that of the day after; equal on most days. Each is nil
    /// where the zone has another offset by then. Zones change at most once in two days.
    private func candidates(_ localSeconds: Int) -> (before: Date?, after: Date?) {
        let asUTC = Date(timeIntervalSince1970: Double(localSeconds))
        let before = offset(at: asUTC.addingTimeInterval(-86_400))
        let after = offset(at: asUTC.addingTimeInterval(86_400))
        let instant = { (offset: Int) -> Date? in
            let candidate = asUTC.addingTimeInterval(-Double(offset))
            return self.offset(at: candidate) == offset ? candidate : nil
        }
        let first = instant(before)
        return (first, before == after ? first : instant(after))
    }

    private func jump(around localSeconds: Int) -> Date {
        let asUTC = Date(timeIntervalSince1970: Double(localSeconds))
        return timeZone.nextDaylightSavingTimeTransition(after: asUTC.addingTimeInterval(-86_400)) ?? asUTC
    }
}
