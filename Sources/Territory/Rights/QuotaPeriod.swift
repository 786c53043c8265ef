/// What quotas are counted by, in the calendar of the site.
public enum QuotaPeriod: String, Sendable, Hashable, CaseIterable {
    /// From midnight.
    case day
    /// From Monday (ISO 8601).
    case week
    /// From the first of the civil month.
    case month

    /// The first day of the period that a day is in.
    public func start(of day: CivilDay) -> CivilDay {
        switch self {
        case .day: day
        case .week: CivilDay(daysSinceEpoch: day.daysSinceEpoch - day.weekday)
        case .month: CivilDay(daysSinceEpoch: day.daysSinceEpoch - (day.dayOfMonth - 1))
        }
    }

    /// The first day of the period after the one that a day is in.
    public func next(after day: CivilDay) -> CivilDay {
        switch self {
        case .day: day.next
        case .week: CivilDay(daysSinceEpoch: start(of: day).daysSinceEpoch + 7)
        // 31 days after the first of any month is in the month that follows.
        case .month: start(of: CivilDay(daysSinceEpoch: start(of: day).daysSinceEpoch + 31))
        }
    }

    /// The earliest day whose usage still counts on a day, for one period or another: at most 30 days before.
    public static func earliest(for day: CivilDay) -> CivilDay {
        min(QuotaPeriod.week.start(of: day), QuotaPeriod.month.start(of: day))
    }
}
