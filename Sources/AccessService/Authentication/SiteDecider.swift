internal import Foundation
internal import Territory

/// Decides logins at one NAS, on one packet thread: `decide` of the territory's rules, with the opening hours remembered
/// between requests. Not Sendable: it belongs to one thread.
final class SiteDecider {
    private let context: SiteContext
    private var window = OpeningWindow()

    init(_ context: SiteContext) { self.context = context }

    func hasQuota(_ subject: Subject) -> Bool { context.hasQuota(subject) }

    /// What `decide` says of a login whose credential has been verified.
    func decide(_ login: LoginEntry.Known, day: CivilDay, station: () -> String?, now: Date) -> Decision {
        // A login with hours of its own, or of its group's, is rare; it takes the long way.
        guard login.keepsSiteHours, groupKeepsSiteHours(login), let hours = context.rights.openingHours else {
            return Territory.decide(login.subject, situation(context.rights, login, day, station, now))
        }
        let closing = window.closing(of: hours, in: context.site.timeZone, at: now)
        var bounded = login.subject
        let until = min(bounded.validUntil ?? .distantFuture, closing ?? .distantFuture)
        bounded.validUntil = until == .distantFuture ? nil : until
        let decision = Territory.decide(bounded, situation(context.rightsAtAnyHour, login, day, station, now))
        switch decision {
        case .accept(var allowance):
            guard let closing else { return .refuse(.outsideOpeningHours) }
            if allowance.bound == .expiry, until == closing { allowance.bound = .closing }
            return .accept(allowance)
        case .refuse(let reason):
            // The hours come after what the subject is and before what it has used.
            return closing == nil && reason.isOfUse ? .refuse(.outsideOpeningHours) : decision
        }
    }

    private func groupKeepsSiteHours(_ login: LoginEntry.Known) -> Bool {
        guard let group = login.subject.group, let rights = context.groups[group]?.rights else { return true }
        return rights.openingHours == .inherited
    }

    private func situation(
        _ rights: Rights, _ login: LoginEntry.Known, _ day: CivilDay, _ station: () -> String?, _ now: Date
    ) -> Situation {
        let today = CivilDay(now, in: context.site.timeZone)
        let others =
            login.stations.isEmpty
            ? 0
            : DeviceBinding.otherDevices(
                than: station(), among: login.stations, now: now,
                interimSeconds: rights.interimSeconds ?? Rights.defaultInterimSeconds)
        return Situation(
            site: context.site, rights: rights, groups: context.groups,
            used: today == day ? login.usage : login.usage.carried(from: day, to: today), otherDevices: others, now: now
        )
    }
}

extension RefusalReason {
    /// Whether it is for how much was used, and by how many devices.
    fileprivate var isOfUse: Bool {
        switch self {
        case .dailyTimeUsed, .dailyVolumeUsed, .weeklyTimeUsed, .weeklyVolumeUsed, .monthlyTimeUsed,
            .monthlyVolumeUsed, .tooManyDevices:
            true
        case .unknownUser, .wrongPassword, .notYetValid, .expired, .revoked, .closedAccount, .wrongSite, .siteClosed,
            .outsideOpeningHours, .deviceUnknown, .unsupportedMethod, .rateLimited, .unavailable:
            false
        }
    }
}
