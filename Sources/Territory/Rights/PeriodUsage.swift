/// What a subject has used on a day, in its week and in its month, all devices together.
public struct PeriodUsage: Sendable, Hashable {
    /// On the day.
    public var day: Usage
    /// From Monday to the day.
    public var week: Usage
    /// From the first of the month to the day.
    public var month: Usage

    /// Nothing.
    public static let zero = PeriodUsage(day: .zero, week: .zero, month: .zero)

    /// These sums.
    public init(day: Usage, week: Usage, month: Usage) {
        (self.day, self.week, self.month) = (day, week, month)
    }

    /// What was used on that day and on no other.
    public init(day: Usage) { self.init(day: day, week: day, month: day) }

    /// The sums of single days, each day at most once; days that do not count on `today` are left out.
    public init(_ days: some Sequence<(day: CivilDay, usage: Usage)>, on today: CivilDay) {
        self = .zero
        let (monday, first) = (QuotaPeriod.week.start(of: today), QuotaPeriod.month.start(of: today))
        for (day, usage) in days where day <= today {
            if day == today { self.day += usage }
            if day >= monday { week += usage }
            if day >= first { month += usage }
        }
    }

    /// The same sums when another day has come, or when a clock was stepped back to one: what belongs to another day,
    /// week or month counts for nothing.
    public func carried(from known: CivilDay, to today: CivilDay) -> PeriodUsage {
        let kept = { (period: QuotaPeriod, usage: Usage) in
            period.start(of: known) == period.start(of: today) ? usage : .zero
        }
        return PeriodUsage(day: kept(.day, day), week: kept(.week, week), month: kept(.month, month))
    }
}
