internal import Foundation
internal import Territory

/// Decides logins at one NAS, on one packet thread: `decide` of the territory's rules, with the opening hours remembered
/// between requests. Not Sendable: it belongs to one thread.
final class SiteDecider {
    private let context: SiteContext
    private var window = OpeningWindow()

    init(_ context: SiteContext) { self.context = context }

    /// What `decide` says of a login whose credential has been verified.
    func decide(_ login: LoginEntry.Known, day: CivilDay, station: () -> String?, now: Date) -> Decision {
        // A login with hours of its own is rare; it takes the long way.
        guard login.keepsSiteHours, let hours = context.rights.openingHours else {
            return Territory.decide(login.subject, situation(context.rights, login, day, station, now))
        }
        let closing = window.closing(of: hours, in: context.site.timeZone, at: now)
        let subject = login.subject
        let until = min(subject.validUntil ?? .distantFuture, closing ?? .distantFuture)
        let bounded = Subject(
            reference: subject.reference, organisationID: subject.organisationID, siteID: subject.siteID,
            validFrom: subject.validFrom, validUntil: until == .distantFuture ? nil : until,
            revokedAt: subject.revokedAt, closedAt: subject.closedAt, rights: subject.rights)
        let decision = Territory.decide(bounded, situation(context.rightsAtAnyHour, login, day, station, now))
        switch decision {
        case .accept(var allowance):
            guard let closing else { return .refuse(.outsideOpeningHours) }
            if allowance.bound == .expiry, until == closing { allowance.bound = .closing }
            return .accept(allowance)
        case .refuse(let reason):
            // The hours come after what the subject is and before what it has used.
            switch reason {
            case .dailyTimeUsed, .dailyVolumeUsed, .tooManyDevices:
                return closing == nil ? .refuse(.outsideOpeningHours) : decision
            default: return decision
            }
        }
    }

    private func situation(
        _ rights: Rights, _ login: LoginEntry.Known, _ day: CivilDay, _ station: () -> String?, _ now: Date
    ) -> Situation {
        // What was used on another day counts for nothing.
        let today = CivilDay(now, in: context.site.timeZone) == day
        let others = login.stations.isEmpty ? 0 : Self.others(login.stations, station())
        return Situation(
            site: context.site, rights: rights, usedToday: today ? login.usage : .zero, otherDevices: others, now: now)
    }

    private static func others(_ stations: [String], _ own: String?) -> Int { stations.count { $0 != own } }
}
