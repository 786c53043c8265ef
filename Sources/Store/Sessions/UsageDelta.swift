public import Territory

/// What one subject's usage of one day grows by.
public struct UsageDelta: Sendable, Hashable {
    /// Whose usage.
    public let subject: SubjectReference
    /// The tenant of the site it was used at.
    public let organisationID: OrganisationID
    /// A day of the site's calendar.
    public let day: CivilDay
    /// What is added; not negative.
    public var usage: Usage

    /// So much more on that day.
    public init(subject: SubjectReference, organisationID: OrganisationID, day: CivilDay, usage: Usage) {
        (self.subject, self.organisationID, self.day, self.usage) = (subject, organisationID, day, usage)
    }
}
