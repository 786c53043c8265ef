internal import Foundation
internal import Store
internal import Territory

/// Whether a session may go on: what `decide` says of a login of its subject now, as if it came from the same device.
struct RightsJudge {
    /// What is to become of a session.
    enum Judgement: Hashable {
        /// It goes on. `octetsLeft` of the tightest quota; nil: no quota of volume.
        case goesOn(octetsLeft: Int64?, hasQuota: Bool)
        /// It ends.
        case ends(RefusalReason)
        /// A quota is used up and the package throttles. `mayEnd`: it was let in before that, and logging in again would
        /// throttle it.
        case slows(Allowance, RefusalReason, mayEnd: Bool)
    }

    /// What a NAS that keeps to Session-Timeout needs to end a session by itself, and to tell us.
    static let grace: TimeInterval = 60

    let context: SiteContext
    let now: Date

    func judge(_ standing: SessionStanding) -> Judgement {
        guard let subject = standing.subject else { return .ends(.revoked) }
        let today = CivilDay(now, in: context.site.timeZone)
        let used = standing.usage(on: today)
        switch decide(subject, situation(used, now)) {
        case .refuse(let reason):
            // Whoever is connected needs no place, and a right that has not begun yet has let him in all the same.
            if reason == .notYetValid || reason == .tooManyDevices { return .goesOn(octetsLeft: nil, hasQuota: true) }
            return reason.endsByTime ? judgeLater(subject, used) : .ends(reason)
        case .accept(let allowance):
            if let reason = allowance.exhausted {
                let counters = standing.session.counters
                let others = used.without(
                    Usage(
                        seconds: counters.seconds, inputOctets: counters.inputOctets,
                        outputOctets: counters.outputOctets))
                return .slows(allowance, reason, mayEnd: !isExhausted(subject, others))
            }
            return .goesOn(octetsLeft: allowance.remainingOctets, hasQuota: context.hasQuota(subject))
        }
    }

    /// What time alone brings about is left to the NAS for a minute.
    private func judgeLater(_ subject: Subject, _ used: PeriodUsage) -> Judgement {
        let earlier = used.without(Usage(seconds: Int64(Self.grace), inputOctets: 0, outputOctets: 0))
        switch decide(subject, situation(earlier, now.addingTimeInterval(-Self.grace))) {
        // Within the minute it has begun and ended.
        case .refuse(.notYetValid), .accept: return .goesOn(octetsLeft: nil, hasQuota: true)
        case .refuse(let reason): return .ends(reason)
        }
    }

    private func isExhausted(_ subject: Subject, _ used: PeriodUsage) -> Bool {
        if case .accept(let allowance) = decide(subject, situation(used, now)) { return allowance.exhausted != nil }
        return false
    }

    private func situation(_ used: PeriodUsage, _ instant: Date) -> Situation {
        Situation(
            site: context.site, rights: context.rights, groups: context.groups, used: used, otherDevices: 0,
            now: instant)
    }
}

extension RefusalReason {
    /// Whether a session ends for it by the Session-Timeout that its NAS was given.
    fileprivate var endsByTime: Bool {
        switch self {
        case .expired, .outsideOpeningHours, .dailyTimeUsed, .weeklyTimeUsed, .monthlyTimeUsed: true
        case .unknownUser, .wrongPassword, .notYetValid, .revoked, .closedAccount, .wrongSite, .siteClosed,
            .dailyVolumeUsed, .weeklyVolumeUsed, .monthlyVolumeUsed, .tooManyDevices, .deviceUnknown,
            .unsupportedMethod, .rateLimited, .unavailable:
            false
        }
    }
}

extension PeriodUsage {
    /// Less by that much in each period, and never below nothing.
    fileprivate func without(_ usage: Usage) -> PeriodUsage {
        let less = { (left: Usage) in
            Usage(
                seconds: max(0, left.seconds - usage.seconds),
                inputOctets: max(0, left.inputOctets - usage.inputOctets),
                outputOctets: max(0, left.outputOctets - usage.outputOctets))
        }
        return PeriodUsage(day: less(day), week: less(week), month: less(month))
    }
}
