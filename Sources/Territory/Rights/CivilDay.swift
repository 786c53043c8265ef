public import Foundation

/// A day of a site's calendar: what quotas are counted by.
public struct CivilDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1 January 1970.
    public let daysSinceEpoch: Int

    /// That many days since 1 January 1970.
    public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// The day an instant falls on, in a zone.
    public init(_ instant: Date, in timeZone: TimeZone) {
        let local = instant.timeIntervalSince1970 + Double(timeZone.secondsFromGMT(for: instant))
        daysSinceEpoch = Int(exactly: (local / 86_400).rounded(.down)) ?? 0
    }

    /// The first instant of the day, in a zone; where midnight is skipped, the first that exists.
    public func start(in timeZone: TimeZone) -> Date {
        WallClock(timeZone: timeZone).earliest(localSeconds: daysSinceEpoch * 86_400)
    }

    /// The day after.
    public var next: CivilDay { CivilDay(daysSinceEpoch: daysSinceEpoch + 1) }

    /// Monday is 0, Sunday is 6.
    public var weekday: Int { ((daysSinceEpoch + 3) % 7 + 7) % 7 }

    /// Earlier days come first.
    public static func < (left: Self, right: Self) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }

    /// 1 … 31.
    public var dayOfMonth: Int { civil.day }

    /// `2026-07-31`, what PostgreSQL's `date` reads.
    public var description: String {
        let (year, month, day) = civil
        let pad = { (number: Int, width: Int) in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    }

    /// Civil-from-days over 400-year eras of 146,097 days, with the year starting in March.
    private var civil: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
