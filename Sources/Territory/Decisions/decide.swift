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
    /// What the package gives its groups, by name.
    public var groups: [String: GroupPlan]
    /// What the subject used, all devices together.
    public var used: PeriodUsage
    /// Devices of the subject that are connected now, without the one that asks.
    public var otherDevices: Int
    /// The instant.
    public var now: Date

    /// A situation with these facts.
    public init(
        organisationID: OrganisationID, siteID: SiteID, siteStatus: Site.Status, timeZone: TimeZone, rights: Rights,
        groups: [String: GroupPlan] = [:], used: PeriodUsage = .zero, otherDevices: Int = 0, now: Date
    ) {
        self.organisationID = organisationID
        self.siteID = siteID
        self.siteStatus = siteStatus
        self.timeZone = timeZone
        self.rights = rights
        (self.groups, self.used) = (groups, used)
        self.otherDevices = otherDevices
        self.now = now
    }

    /// The situation at a site.
    public init(
        site: Site, rights: Rights, groups: [String: GroupPlan] = [:], used: PeriodUsage = .zero, otherDevices: Int = 0,
        now: Date
    ) {
        self.init(
            organisationID: site.organisationID, siteID: site.id, siteStatus: site.status, timeZone: site.timeZone,
            rights: rights, groups: groups, used: used, otherDevices: otherDevices, now: now)
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
///
/// A subject's group decides by the package: one that the package does not have is like none. Rights are the package's,
/// then the group's, then the subject's own.
public func decide(_ subject: Subject, _ situation: Situation) -> Decision {
    if let reason = refusal(of: subject, situation) { return .refuse(reason) }
    let plan = subject.group.flatMap { situation.groups[$0] }
    let rights = situation.rights.merging(plan?.rights).merging(subject.rights)
    var timeout = SessionEnd(seconds: rights.sessionSeconds ?? Rights.defaultSessionSeconds)
    if let hours = rights.openingHours {
        guard case .open(let closing) = hours.state(at: situation.now, in: situation.timeZone) else {
            return .refuse(.outsideOpeningHours)
        }
        if let closing { timeout.shorten(closing, .closing) }
    }
    let balance = QuotaBalance(rights, situation.used)
    var octets = balance.remainingOctets
    var rates = (down: rights.rateDownBitsPerSecond, up: rights.rateUpBitsPerSecond)
    if let (reason, period) = balance.exhausted {
        guard let throttled = rights.throttled else { return .refuse(reason) }
        (octets, rates) = (nil, throttled)
        timeout.shorten(secondsToRenewal(of: period, situation), .renewal)
    } else if let (seconds, bound) = balance.remainingSeconds {
        timeout.shorten(seconds, bound)
    }
    if let devices = rights.devices, situation.otherDevices >= devices { return .refuse(.tooManyDevices) }
    if let until = subject.validUntil {
        let left = until.timeIntervalSince(situation.now).rounded(.up)
        timeout.shorten(Int(min(left, TimeInterval(timeout.seconds) + 1)), .expiry)
    }
    let endsAt = situation.now.addingTimeInterval(TimeInterval(timeout.seconds))
    return .accept(
        Allowance(
            sessionTimeoutSeconds: timeout.seconds, idleTimeoutSeconds: rights.idleSeconds,
            interimSeconds: rights.interimSeconds ?? Rights.defaultInterimSeconds, remainingOctets: octets,
            rateDownBitsPerSecond: rates.down, rateUpBitsPerSecond: rates.up, endsAt: endsAt,
            endsAtOffsetSeconds: situation.timeZone.secondsFromGMT(for: endsAt), bound: timeout.bound,
            exhausted: balance.exhausted?.reason, vlan: plan?.vlan, role: plan?.role, psk: subject.psk,
            placesLeft: rights.devices.map { $0 - situation.otherDevices }))
}

/// When a session has to end, and what says so. Never less than a second away.
private struct SessionEnd {
    var seconds: Int
    var bound = Allowance.Bound.sessionLength

    init(seconds: Int) { self.seconds = max(1, seconds) }

    mutating func shorten(_ other: Int, _ reason: Allowance.Bound) {
        if other < seconds { (seconds, bound) = (max(1, other), reason) }
    }
}

/// Rounded up: until the first instant of the next period.
private func secondsToRenewal(of period: QuotaPeriod, _ situation: Situation) -> Int {
    let start = period.next(after: CivilDay(situation.now, in: situation.timeZone)).start(in: situation.timeZone)
    return Int(start.timeIntervalSince(situation.now).rounded(.up))
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
