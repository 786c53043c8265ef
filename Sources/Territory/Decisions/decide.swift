public import Foundation

/// Where, when and after how much use somebody asks to be let in.
public struct Situation: Sendable, Hashable {
    /// The tenant of the site.
    public var organisationID: OrganisationID
    /// The site asked at.
    public var siteID: SiteID
    /// Whether the site serves visitors at all.
    public var siteStatus: Site.Status
    /// The site's zone, for opening hours.
    public var timeZone: TimeZone
    /// The rights of the site's package.
    public var rights: Rights
    /// What the subject used today, all devices together.
    public var usedToday: Usage
    /// Devices of the subject that are connected now, without the one that asks.
    public var otherDevices: Int
    /// The instant.
    public var now: Date

    /// A situation with these facts.
    public init(
        organisationID: OrganisationID, siteID: SiteID, siteStatus: Site.Status, timeZone: TimeZone, rights: Rights,
        usedToday: Usage = .zero, otherDevices: Int = 0, now: Date
    ) {
        self.organisationID = organisationID
        self.siteID = siteID
        self.siteStatus = siteStatus
        self.timeZone = timeZone
        self.rights = rights
        self.usedToday = usedToday
        self.otherDevices = otherDevices
        self.now = now
    }

    /// The situation at a site.
    public init(site: Site, rights: Rights, usedToday: Usage = .zero, otherDevices: Int = 0, now: Date) {
        self.init(
            organisationID: site.organisationID, siteID: site.id, siteStatus: site.status, timeZone: site.timeZone,
            rights: rights, usedToday: usedToday, otherDevices: otherDevices, now: now)
    }
}

/// Whether a visitor is let in.
public enum Decision: Sendable, Hashable {
    /// Yes, with this much.
    case accept(Allowance)
    /// No, for this reason.
    case refuse(RefusalReason)
}

/// Whether a subject whose credential has been verified is let in, and with how much. Of several reasons to refuse, the
/// one that lasts longest is given: what the subject is, then where, then when, then how much.
public func decide(_ subject: Subject, _ situation: Situation) -> Decision {
    if let reason = refusal(of: subject, situation) { return .refuse(reason) }
    let rights = situation.rights.merging(subject.rights)
    var timeout = (seconds: rights.sessionSeconds ?? Rights.defaultSessionSeconds, bound: Allowance.Bound.sessionLength)
    let shorten = { (seconds: Int, bound: Allowance.Bound) in
        if seconds < timeout.seconds { timeout = (seconds, bound) }
    }
    if let hours = rights.openingHours {
        guard case .open(let closing) = hours.state(at: situation.now, in: situation.timeZone) else {
            return .refuse(.outsideOpeningHours)
        }
        if let closing { shorten(closing, .closing) }
    }
    if let daily = rights.dailySeconds {
        guard situation.usedToday.seconds < daily else { return .refuse(.dailyTimeUsed) }
        shorten(daily - Int(clamping: max(0, situation.usedToday.seconds)), .dailyTime)
    }
    var remainingOctets: Int64?
    if let daily = rights.dailyOctets {
        guard situation.usedToday.octets < daily else { return .refuse(.dailyVolumeUsed) }
        remainingOctets = daily - max(0, situation.usedToday.octets)
    }
    if let devices = rights.devices, situation.otherDevices >= devices { return .refuse(.tooManyDevices) }
    if let until = subject.validUntil {
        let left = until.timeIntervalSince(situation.now).rounded(.up)
        shorten(Int(min(left, TimeInterval(timeout.seconds) + 1)), .expiry)
    }
    let seconds = max(1, timeout.seconds)
    let endsAt = situation.now.addingTimeInterval(TimeInterval(seconds))
    return .accept(
        Allowance(
            sessionTimeoutSeconds: seconds, idleTimeoutSeconds: rights.idleSeconds,
            interimSeconds: rights.interimSeconds ?? Rights.defaultInterimSeconds, remainingOctets: remainingOctets,
            rateDownBitsPerSecond: rights.rateDownBitsPerSecond, rateUpBitsPerSecond: rights.rateUpBitsPerSecond,
            endsAt: endsAt, endsAtOffsetSeconds: situation.timeZone.secondsFromGMT(for: endsAt), bound: timeout.bound))
}

/// What refuses the subject whatever the hour and the usage.
private func refusal(of subject: Subject, _ situation: Situation) -> RefusalReason? {
    if let closedAt = subject.closedAt, closedAt <= situation.now { return .closedAccount }
    if let revokedAt = subject.revokedAt, revokedAt <= situation.now { return .revoked }
    if let until = subject.validUntil, until <= situation.now { return .expired }
    if subject.organisationID != situation.organisationID { return .wrongSite }
    if let siteID = subject.siteID, siteID != situation.siteID { return .wrongSite }
    if let from = subject.validFrom, from > situation.now { return .notYetValid }
    switch situation.siteStatus {
    case .closed: return .siteClosed
    case .open: return nil
    }
}
