import Foundation
import HTTPTypes
import Territory

/// A refusal of the rules in a visitor's words.
extension Portal {
    /// The gateway took the visitor back and refused.
    func refusedByGateway(
        _ visitor: Visitor, _ context: GatewayContext, _ reply: String?
    ) async throws(PortalError) -> PortalReply {
        PortalMetrics.login("refused-by-gateway")
        let failure = try await failure(of: reply, visitor, context)
        return home(visitor, context: context, failure: failure, status: .ok)
    }

    private func failure(
        of reply: String?, _ visitor: Visitor, _ context: GatewayContext
    ) async throws(PortalError) -> FirstPage.Failure {
        let (messages, now) = (texts.messages(visitor.language), clock.date())
        let reason = reply.flatMap { RefusalReason(reply: $0) }
        switch reason {
        case .unknownUser, .wrongPassword:
            if let held = visit(visitor) {
                return try await FirstPage.Failure(text: refusal(ofGrant: held.visit, visitor, messages, now: now))
            }
            guard takesPasswords(visitor, context) else { break }
            return FirstPage.Failure(text: messages("error.account.wrong"), field: .user)
        case .closedAccount: return FirstPage.Failure(text: messages("error.account.closed"))
        case .wrongSite:
            guard visit(visitor) == nil, takesPasswords(visitor, context) else { break }
            return FirstPage.Failure(text: messages("error.account.elsewhere"))
        case .notYetValid, .expired, .revoked, .siteClosed, .outsideOpeningHours, .dailyTimeUsed, .dailyVolumeUsed,
            .weeklyTimeUsed, .weeklyVolumeUsed, .monthlyTimeUsed, .monthlyVolumeUsed, .tooManyDevices, .deviceUnknown,
            .unsupportedMethod, .rateLimited, .unavailable, nil:
            break
        }
        return FirstPage.Failure(text: refusal(reply: reply, visitor.site, messages, now: now))
    }

    /// Nobody types a grant's password, so it cannot have been mistyped: the challenge it answered was an old one, or the
    /// right behind it has ended since.
    private func refusal(
        ofGrant visit: Visit, _ visitor: Visitor, _ messages: Messages, now: Date
    ) async throws(PortalError) -> String {
        try spend(limits.lookups, visitor.client(visitor.request.address))
        switch try await decision(on: visit.grant, site: visitor.site, device: visit.device, now: now) {
        case .accept, .refuse(.unknownUser): return messages("error.gateway.failed")
        case .refuse(let reason): return refusal(reason, visitor.site, messages, now: now)
        }
    }

    /// The sentence for a reason, with the hour the place opens again where that is the question.
    func refusal(_ reason: RefusalReason, _ site: PortalSite, _ messages: Messages, now: Date) -> String {
        switch reason {
        case .outsideOpeningHours:
            let closed = messages("error.hours")
            guard let hours = site.rights.openingHours,
                case .closed(let opens?) = hours.state(at: now, in: site.timeZone)
            else { return closed }
            let when = messages.moment(now.addingTimeInterval(TimeInterval(opens)), from: now, in: site.timeZone)
            return "\(closed) \(messages("error.hours.next", ["when": when]))"
        case .dailyVolumeUsed: return messages("error.quota")
        case .dailyTimeUsed: return messages("error.time")
        case .weeklyVolumeUsed: return messages("error.quota.week")
        case .weeklyTimeUsed: return messages("error.time.week")
        case .monthlyVolumeUsed: return messages("error.quota.month")
        case .monthlyTimeUsed: return messages("error.time.month")
        case .tooManyDevices: return messages("error.devices")
        case .siteClosed: return messages("error.closed")
        case .expired: return messages("error.code.expired")
        case .notYetValid: return messages("error.code.early")
        case .revoked: return messages("error.code.revoked")
        case .wrongSite: return messages("error.code.elsewhere")
        case .rateLimited: return messages("error.rate", ["wait": messages.wait(seconds: 60)])
        case .unavailable: return messages("error.unavailable")
        case .unknownUser, .wrongPassword, .closedAccount, .deviceUnknown, .unsupportedMethod:
            return messages("error.refused")
        }
    }

    /// The sentence for what a gateway says of a login that was refused: its own words, or the Reply-Message of RADIUS.
    ///
    /// Only our own reasons are told apart; the text itself, which anybody can put into an address, is never shown.
    func refusal(reply: String?, _ site: PortalSite, _ messages: Messages, now: Date) -> String {
        guard let reply else { return messages("error.gateway.failed") }
        guard let reason = RefusalReason(reply: reply) else { return messages("error.refused") }
        return refusal(reason, site, messages, now: now)
    }
}

extension RefusalReason {
    /// The reason our access daemon put before its sentence.
    ///
    /// The two are Reply-Message attributes of their own: gateways pass on the first alone, or both with or without a
    /// separator (RFC 2865 §5.18). The sentence starts with a capital letter, so the name ends there at the latest.
    init?(reply: String) {
        self.init(rawValue: String(reply.prefix { ("a"..."z").contains($0) || $0 == "-" }))
    }
}

extension Messages {
    /// `aujourd’hui à 14:00`, `demain à 09:00`, `lundi à 09:00`: within a week.
    func moment(_ instant: Date, from now: Date, in timeZone: TimeZone) -> String {
        let (day, today) = (CivilDay(instant, in: timeZone), CivilDay(now, in: timeZone))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.hour, .minute], from: instant)
        let (hour, minute) = (parts.hour ?? 0, parts.minute ?? 0)
        let time = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        switch day.daysSinceEpoch - today.daysSinceEpoch {
        case ...0: return self("date.today", ["time": time])
        case 1: return self("date.tomorrow", ["time": time])
        default:
            return self("date.day", ["weekday": self("date.weekday.\(day.weekday + 1)"), "time": time])
        }
    }
}
