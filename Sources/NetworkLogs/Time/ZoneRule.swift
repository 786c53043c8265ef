/// How a source's local time relates to UTC: one offset, or two that alternate each year on rules of the form “last
/// Sunday of March” (POSIX.1-2017 §8.3 `TZ`, RFC 8536 §3.3).
///
/// A rule holds for the years around now, which is when lines arrive; past changes of law are not kept.
public struct ZoneRule: Hashable, Sendable {
    /// A day and time on which the offset changes, in the local time before the change.
    struct Change: Hashable, Sendable {
        var month: Int
        /// 1 to 4, or 5 for the last.
        var week: Int
        /// 0 for Sunday.
        var weekday: Int
        /// Seconds after midnight, negative or beyond a day allowed.
        var seconds: Int

        /// The local second, counted as if local time were UTC.
        func localSecond(in year: Int) -> Int {
            guard let first = CivilDate(year: year, month: month, day: 1) else { return 0 }
            let firstDay = first.dayNumber
            var day = 1 + (weekday - CivilDate.weekday(ofDay: firstDay) + 7) % 7 + (week - 1) * 7
            let length = CivilDate.length(ofMonth: month, year: year)
            while day > length { day -= 7 }
            return (firstDay + day - 1) * 86_400 + seconds
        }
    }

    /// Seconds east of Greenwich in winter.
    let standardOffset: Int
    /// Seconds east of Greenwich in summer; that of winter when nothing changes.
    let summerOffset: Int
    let summerStart: Change?
    let summerEnd: Change?

    init(standardOffset: Int, summerOffset: Int? = nil, start: Change? = nil, end: Change? = nil) {
        self.standardOffset = standardOffset
        self.summerOffset = summerOffset ?? standardOffset
        (summerStart, summerEnd) = (start, end)
    }

    /// Coordinated universal time.
    public static let utc = ZoneRule(standardOffset: 0)

    /// Metropolitan France: UTC+1, and UTC+2 from the last Sunday of March to that of October, changing at 01:00 UTC
    /// (directive 2000/84/EC).
    public static let europeParis = ZoneRule(
        standardOffset: 3600, summerOffset: 7200,
        start: Change(month: 3, week: 5, weekday: 0, seconds: 7200),
        end: Change(month: 10, week: 5, weekday: 0, seconds: 10_800))

    /// Whether summer time holds at a UTC second.
    func isSummer(at second: Int) -> Bool {
        guard let summerStart, let summerEnd else { return false }
        let local = second + standardOffset
        let year = CivilDate(dayNumber: local >= 0 ? local / 86_400 : (local - 86_399) / 86_400).year
        let start = summerStart.localSecond(in: year) - standardOffset
        let end = summerEnd.localSecond(in: year) - summerOffset
        if start <= end { return second >= start && second < end }
        return !(second >= end && second < start)
    }

    /// The UTC seconds that a local second may mean: one, two in the autumn night (the earlier first), none in the
    /// spring night.
    func instants(ofLocal local: Int) -> (first: Int?, second: Int?) {
        let standard = local - standardOffset
        guard summerStart != nil, summerOffset != standardOffset else { return (standard, nil) }
        let summer = local - summerOffset
        let inSummer = isSummer(at: summer) ? summer : nil
        let inWinter = isSummer(at: standard) ? nil : standard
        guard let inSummer else { return (inWinter, nil) }
        guard let inWinter else { return (inSummer, nil) }
        return (min(inSummer, inWinter), max(inSummer, inWinter))
    }
}
