public import Foundation
public import Territory

/// A decision about an Access-Request, or several identical ones, as the log keeps it. Never a password.
public struct AuthenticationEvent: Sendable, Hashable {
    /// What was decided.
    public enum Result: String, Sendable, Hashable, CaseIterable {
        /// Access-Accept.
        case accept
        /// Access-Reject.
        case reject
        /// No answer: a bound was reached or something was away, and the NAS sends again.
        case drop
    }

    /// When; of the first, where there are several.
    public var at: Date
    /// The tenant of the site.
    public var organisation: OrganisationID
    /// Where.
    public var site: SiteID
    /// Who asked.
    public var nas: NASID
    /// Whose login it was, where somebody was found.
    public var subject: SubjectReference?
    /// What was decided.
    public var result: Result
    /// How the user proved who they are: `pap`, `chap`, `mac`, `ttls-pap`, …
    public var method: String
    /// Why; nil for an accept.
    public var reason: String?
    /// User-Name as the NAS sent it, cut after 128 octets.
    public var userName: String?
    /// The device: its address in canonical spelling, or what the NAS sent.
    public var callingStation: String?
    /// From the request to the decision, in microseconds; of the slowest, where there are several.
    public var latencyMicroseconds: Int32
    /// Whether it was decided from memory while the database was away.
    public var survived: Bool
    /// How many decisions this is: at least 1.
    public var repeats: Int32
    /// When the last of several was.
    public var lastAt: Date?

    /// One decision.
    public init(
        at: Date, organisation: OrganisationID, site: SiteID, nas: NASID, subject: SubjectReference? = nil,
        result: Result, method: String, reason: String? = nil, userName: String? = nil, callingStation: String? = nil,
        latencyMicroseconds: Int32, survived: Bool = false
    ) {
        (self.at, self.organisation, self.site, self.nas) = (at, organisation, site, nas)
        (self.subject, self.result, self.method, self.reason) = (subject, result, method, reason)
        (self.userName, self.callingStation) = (userName, callingStation)
        (self.latencyMicroseconds, self.survived) = (latencyMicroseconds, survived)
        (repeats, lastAt) = (1, nil)
    }
}
