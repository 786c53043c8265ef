/// What is left of the quotas of all periods: the least of them.
struct QuotaBalance {
    /// Of the period in which the least time is left.
    private(set) var remainingSeconds: (seconds: Int, bound: Allowance.Bound)?
    private(set) var remainingOctets: Int64?
    /// The quota that is used up and comes back last.
    private(set) var exhausted: (reason: RefusalReason, period: QuotaPeriod)?

    init(_ rights: Rights, _ used: PeriodUsage) {
        // The longest period first: of several that are used up it is the one to be told.
        take(.month, rights.monthlySeconds, rights.monthlyOctets, used.month)
        take(.week, rights.weeklySeconds, rights.weeklyOctets, used.week)
        take(.day, rights.dailySeconds, rights.dailyOctets, used.day)
    }

    private mutating func take(_ period: QuotaPeriod, _ seconds: Int?, _ octets: Int64?, _ used: Usage) {
        if let seconds {
            let left = Int64(seconds) - max(0, used.seconds)
            if left <= 0 { exhaust(period.timeUsed, period) }
            let bounded = Int(clamping: left)
            if bounded < remainingSeconds?.seconds ?? .max { remainingSeconds = (bounded, period.timeBound) }
        }
        if let octets {
            let left = octets - max(0, used.octets)
            if left <= 0 { exhaust(period.volumeUsed, period) }
            remainingOctets = min(left, remainingOctets ?? .max)
        }
    }

    private mutating func exhaust(_ reason: RefusalReason, _ period: QuotaPeriod) {
        if exhausted == nil { exhausted = (reason, period) }
    }
}

extension QuotaPeriod {
    fileprivate var timeUsed: RefusalReason {
        switch self {
        case .day: .dailyTimeUsed
        case .week: .weeklyTimeUsed
        case .month: .monthlyTimeUsed
        }
    }

    fileprivate var volumeUsed: RefusalReason {
        switch self {
        case .day: .dailyVolumeUsed
        case .week: .weeklyVolumeUsed
        case .month: .monthlyVolumeUsed
        }
    }

    fileprivate var timeBound: Allowance.Bound {
        switch self {
        case .day: .dailyTime
        case .week: .weeklyTime
        case .month: .monthlyTime
        }
    }
}
