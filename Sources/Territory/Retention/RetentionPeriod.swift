public import Foundation

/// How long something is kept: calendar years, months or days, as the law counts.
public struct RetentionPeriod: Sendable, Hashable, CustomStringConvertible {
    /// What is counted.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        case years, months, days
    }

    /// 1 … 10 000.
    public let count: Int
    /// What is counted.
    public let unit: Unit

    /// So many of that unit; nil outside 1 … 10 000.
    public init?(_ count: Int, _ unit: Unit) {
        guard (1...10_000).contains(count) else { return nil }
        (self.count, self.unit) = (count, unit)
    }

    /// Reads `1 year`, `3 months`, `90 days`; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let count = Int(words[0]) else { return nil }
        let unit = words[1].hasSuffix("s") ? String(words[1]) : words[1] + "s"
        guard let unit = Unit(rawValue: unit) else { return nil }
        self.init(count, unit)
    }

    /// `1 year`, `3 months`, `90 days`.
    public var description: String { "\(count) \(count == 1 ? String(unit.rawValue.dropLast()) : unit.rawValue)" }

    /// The first instant at which what started its clock at `start` may no longer be kept: the same time of the same day,
    /// years or months later, in UTC; the month's last day where it has no such day. A day is 24 hours: no zone's clock
    /// change makes a record older or younger.
    public func end(after start: Date) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let component: Calendar.Component =
            switch unit {
            case .years: .year
            case .months: .month
            case .days: .day
            }
        // Foundation knows no end of its calendar within these bounds; should it ever, sooner is the lawful side.
        return calendar.date(byAdding: component, value: count, to: start) ?? start
    }

    /// About how many days that is, rounded up: 1 year is 366, 3 months are 92.
    public var nominalDays: Int64 {
        switch unit {
        case .years: (Int64(count) * 1_461 + 3) / 4
        case .months: (Int64(count) * 1_461 + 47) / 48
        case .days: Int64(count)
        }
    }
}
