public import Territory

/// A session that goes on, and what lets it go on.
public struct SessionStanding: Sendable, Hashable {
    /// The session.
    public let session: SessionRow
    /// What lets it in; nil: nothing that is left.
    public let subject: Subject?
    /// What the subject used, by day, for as far back as a month may look.
    public let days: [Day]

    /// The usage of one day of a site's calendar.
    public struct Day: Sendable, Hashable {
        /// The day.
        public let day: CivilDay
        /// All devices together.
        public let usage: Usage

        /// So much on that day.
        public init(day: CivilDay, usage: Usage) { (self.day, self.usage) = (day, usage) }
    }

    /// A session that stands on this.
    public init(session: SessionRow, subject: Subject?, days: [Day] = []) {
        (self.session, self.subject, self.days) = (session, subject, days)
    }

    /// What was used on a day, in its week and in its month.
    public func usage(on today: CivilDay) -> PeriodUsage {
        PeriodUsage(days.lazy.map { (day: $0.day, usage: $0.usage) }, on: today)
    }
}
