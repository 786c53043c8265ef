import Foundation
import Testing

@testable import Territory

struct DecideTests {
    private let now = Date(timeIntervalSince1970: 1_785_487_200)  // Friday 31 July 2026, 08:40 UTC, 10:40 in Paris
    private let paris = Site.timeZone(named: "Europe/Paris")

    private func situation(
        _ rights: Rights = Rights(sessionSeconds: 3_600), status: Site.Status = .open, used: Usage = .zero,
        otherDevices: Int = 0
    ) -> Situation {
        Situation(
            organisationID: 1, siteID: 10, siteStatus: status, timeZone: paris, rights: rights,
            used: PeriodUsage(day: used),
            otherDevices: otherDevices, now: now)
    }

    private func subject(
        organisation: OrganisationID = 1, site: SiteID? = nil, from: Double? = nil, until: Double? = nil,
        revoked: Double? = nil, closed: Double? = nil, rights: RightsOverride? = nil
    ) -> Subject {
        let at = { (offset: Double?) in offset.map { now.addingTimeInterval($0) } }
        return Subject(
            reference: .voucher(1), organisationID: organisation, siteID: site, validFrom: at(from),
            validUntil: at(until),
            revokedAt: at(revoked), closedAt: at(closed), rights: rights)
    }

    private func allowance(_ decision: Decision) throws -> Allowance {
        guard case .accept(let allowance) = decision else { throw TerritoryError(.unknownName, "refused: \(decision)") }
        return allowance
    }

    @Test func `accepts with the package's rights`() throws {
        let rights = Rights(
            sessionSeconds: 3_600, idleSeconds: 600, interimSeconds: 120, rateDownBitsPerSecond: 2,
            rateUpBitsPerSecond: 1)
        let given = try allowance(decide(subject(), situation(rights)))
        #expect(
            given
                == Allowance(
                    sessionTimeoutSeconds: 3_600, idleTimeoutSeconds: 600, interimSeconds: 120,
                    rateDownBitsPerSecond: 2,
                    rateUpBitsPerSecond: 1, endsAt: now.addingTimeInterval(3_600), endsAtOffsetSeconds: 7_200,
                    bound: .sessionLength))
        #expect(try Allowance(json: given.json) == given)
    }

    @Test func `never gives an endless session`() throws {
        let given = try allowance(decide(subject(), situation(Rights())))
        #expect(given.sessionTimeoutSeconds == Rights.defaultSessionSeconds)
        #expect(given.interimSeconds == Rights.defaultInterimSeconds)
        #expect(given.remainingOctets == nil)
    }

    @Test func `ends the session at the first of length, closing, expiry and daily time`() throws {
        let rights = Rights(
            sessionSeconds: 20_000, dailySeconds: 18_000, openingHours: try OpeningHours("Mo-Su 08:00-14:40"))
        let used = Usage(seconds: 1_000, inputOctets: 0, outputOctets: 0)
        let cases: [(Rights, Double?, Usage, Int, Allowance.Bound)] = [
            (rights, nil, .zero, 14_400, .closing), (rights, 60, .zero, 60, .expiry), (rights, 0.5, .zero, 1, .expiry),
            (rights, nil, used, 14_400, .closing),
            (Rights(sessionSeconds: 20_000, dailySeconds: 18_000), nil, used, 17_000, .dailyTime),
            (Rights(sessionSeconds: 500, dailySeconds: 18_000), nil, used, 500, .sessionLength),
            (Rights(sessionSeconds: 500), 1e12, .zero, 500, .sessionLength),
        ]
        for (rights, until, used, seconds, bound) in cases {
            let given = try allowance(decide(subject(until: until), situation(rights, used: used)))
            #expect(given.sessionTimeoutSeconds == seconds && given.bound == bound)
        }
    }

    @Test func `gives the octets that are left`() throws {
        let rights = Rights(dailyOctets: 1_000)
        let used = Usage(seconds: 0, inputOctets: 400, outputOctets: 599)
        #expect(try allowance(decide(subject(), situation(rights, used: used))).remainingOctets == 1)
        let spent = Usage(seconds: 0, inputOctets: 400, outputOctets: 600)
        #expect(decide(subject(), situation(rights, used: spent)) == .refuse(.dailyVolumeUsed))
    }

    private func used(day: Int64, week: Int64, month: Int64) -> PeriodUsage {
        let usage = { Usage(seconds: $0, inputOctets: $0, outputOctets: 0) }
        return PeriodUsage(day: usage(day), week: usage(week), month: usage(month))
    }

    @Test func `the quota with the least left bounds the session, whatever its period`() throws {
        var here = situation(
            Rights(
                dailyOctets: 1_000, dailySeconds: 1_000, weeklyOctets: 2_000, weeklySeconds: 2_000,
                monthlyOctets: 3_000, monthlySeconds: 3_000))
        let cases: [(PeriodUsage, Int64, Allowance.Bound)] = [
            (.zero, 1_000, .dailyTime), (used(day: 400, week: 400, month: 400), 600, .dailyTime),
            (used(day: 100, week: 1_500, month: 1_500), 500, .weeklyTime),
            (used(day: 0, week: 0, month: 2_999), 1, .monthlyTime),
        ]
        for (used, left, bound) in cases {
            here.used = used
            let given = try allowance(decide(subject(), here))
            #expect(given.remainingOctets == left && given.sessionTimeoutSeconds == left && given.bound == bound)
            #expect(given.exhausted == nil)
        }
    }

    @Test func `of several quotas used up, the one that comes back last is the reason`() {
        let cases: [(Rights, PeriodUsage, RefusalReason)] = [
            (Rights(dailyOctets: 5, weeklyOctets: 5), used(day: 5, week: 5, month: 5), .weeklyVolumeUsed),
            (Rights(dailySeconds: 5, weeklyOctets: 6), used(day: 5, week: 5, month: 5), .dailyTimeUsed),
            (Rights(weeklySeconds: 5), used(day: 0, week: 5, month: 5), .weeklyTimeUsed),
            (Rights(dailyOctets: 5, monthlySeconds: 5), used(day: 5, week: 5, month: 6), .monthlyTimeUsed),
            (Rights(monthlyOctets: 5), used(day: 0, week: 0, month: 5), .monthlyVolumeUsed),
        ]
        for (rights, used, reason) in cases {
            var here = situation(rights)
            here.used = used
            #expect(decide(subject(), here) == .refuse(reason))
        }
    }

    @Test func `throttles who has used up a quota until it comes back, never above the ordinary rate`() throws {
        let rights = Rights(
            sessionSeconds: 2_592_000, dailyOctets: 100, weeklyOctets: 1_000, whenExhausted: .throttle,
            throttleDownBitsPerSecond: 500_000, throttleUpBitsPerSecond: 64_000, rateDownBitsPerSecond: 400_000)
        var here = situation(rights)
        here.used = used(day: 100, week: 100, month: 100)
        let given = try allowance(decide(subject(), here))
        #expect(given.exhausted == .dailyVolumeUsed && given.bound == .renewal)
        #expect(given.rateDownBitsPerSecond == 400_000 && given.rateUpBitsPerSecond == 64_000)
        #expect(given.remainingOctets == nil, "the throttle ends when the day does, not by volume")
        #expect(given.sessionTimeoutSeconds == 13 * 3_600 + 20 * 60, "midnight in Paris")
        #expect(try Allowance(json: given.json) == given)
        here.used = used(day: 0, week: 1_000, month: 1_000)
        #expect(try allowance(decide(subject(), here)).sessionTimeoutSeconds == (2 * 24 + 13) * 3_600 + 20 * 60)
        here.used = used(day: 99, week: 99, month: 99)
        let before = try allowance(decide(subject(), here))
        #expect(before.exhausted == nil && before.rateUpBitsPerSecond == nil && before.remainingOctets == 1)
    }

    @Test func `throttling to no rate at all is refusing`() {
        var here = situation(Rights(dailyOctets: 100, whenExhausted: .throttle))
        here.used = used(day: 100, week: 100, month: 100)
        #expect(decide(subject(), here) == .refuse(.dailyVolumeUsed))
    }

    @Test func `a group has its VLAN, its role and rights between the package's and one's own`() throws {
        var group = RightsOverride()
        (group.rateDownBitsPerSecond, group.devices) = (.limited(9), .limited(5))
        var own = RightsOverride()
        own.devices = .limited(7)
        var here = situation(Rights(rateDownBitsPerSecond: 1, rateUpBitsPerSecond: 2, devices: 1), otherDevices: 6)
        here.groups = ["agents": GroupPlan(vlan: 20, role: "staff", rights: group)]
        var agent = subject(rights: own)
        agent.group = "agents"
        let given = try allowance(decide(agent, here))
        #expect(given.vlan == 20 && given.role == "staff" && given.rateDownBitsPerSecond == 9)
        #expect(given.rateUpBitsPerSecond == 2 && given.placesLeft == 1)
        agent.group = "another-site's"
        let ordinary = try allowance(decide(agent, here))
        #expect(ordinary.vlan == nil && ordinary.role == nil && ordinary.rateDownBitsPerSecond == 1)
        agent = subject()
        agent.group = "agents"
        #expect(decide(agent, here) == .refuse(.tooManyDevices))
    }

    @Test func `refuses for each reason at its boundary`() throws {
        let hours = Rights(openingHours: try OpeningHours("Mo-Su 11:00-12:00"))
        let daily = Rights(dailySeconds: 100)
        let used = Usage(seconds: 100, inputOctets: 0, outputOctets: 0)
        let cases: [(Subject, Situation, RefusalReason)] = [
            (subject(closed: 0), situation(), .closedAccount), (subject(revoked: 0), situation(), .revoked),
            (subject(until: 0), situation(), .expired), (subject(from: 1), situation(), .notYetValid),
            (subject(site: 11), situation(), .wrongSite), (subject(organisation: 2), situation(), .wrongSite),
            (subject(), situation(status: .closed), .siteClosed), (subject(), situation(hours), .outsideOpeningHours),
            (subject(), situation(daily, used: used), .dailyTimeUsed),
            (subject(), situation(Rights(devices: 2), otherDevices: 2), .tooManyDevices),
        ]
        for (subject, situation, reason) in cases { #expect(decide(subject, situation) == .refuse(reason)) }
        for subject in [
            subject(closed: 1), subject(revoked: 1), subject(until: 1), subject(from: 0), subject(site: 10),
        ] {
            _ = try allowance(decide(subject, situation()))
        }
        _ = try allowance(decide(subject(), situation(Rights(devices: 2), otherDevices: 1)))
    }

    @Test func `names what lasts longest when several reasons hold`() {
        let everything = subject(organisation: 2, until: -1, revoked: -1, closed: -1)
        #expect(decide(everything, situation(status: .closed)) == .refuse(.closedAccount))
        #expect(decide(subject(until: -1, revoked: -1), situation(status: .closed)) == .refuse(.revoked))
        #expect(decide(subject(site: 11), situation(status: .closed)) == .refuse(.wrongSite))
    }

    @Test func `lets a voucher lift a limit of the package`() throws {
        var rights = RightsOverride()
        rights.openingHours = .unlimited
        rights.dailyOctets = .limited(5)
        let closed = Rights(dailyOctets: 1_000, openingHours: try OpeningHours("Mo-Su off"))
        #expect(try allowance(decide(subject(rights: rights), situation(closed))).remainingOctets == 5)
    }

    @Test func `ends grants with the voucher or the account behind them`() {
        let grant = LoginGrant(
            id: 1, organisationID: 1, siteID: 10, login: "g.x", method: .voucher, voucherID: 2, issuedAt: now,
            expiresAt: now.addingTimeInterval(1_000))
        let voucher = { (until: Double, revoked: Date?) in
            Voucher(
                id: 2, organisationID: 1, devices: 3, validFrom: now, validUntil: now.addingTimeInterval(until),
                revokedAt: revoked)
        }
        #expect(Subject(grant, voucher: voucher(500, nil)).validUntil == now.addingTimeInterval(500))
        #expect(Subject(grant, voucher: voucher(5_000, nil)).validUntil == now.addingTimeInterval(1_000))
        #expect(Subject(grant, voucher: voucher(500, now)).revokedAt == now)
        #expect(Subject(grant, voucher: voucher(500, nil)).rights?.devices == .limited(3))
        #expect(Subject(grant).reference == .voucher(2))
        let account = Account(id: 3, organisationID: 1, login: "a", passwordHash: Secret([]), closedAt: now)
        #expect(Subject(grant, account: account).closedAt == now)
        #expect(Subject(grant).siteID == 10)
    }

    @Test func `says every reason in both languages within a Reply-Message (RFC 2865 §5.18)`() {
        for reason in RefusalReason.allCases {
            for language in Language.allCases {
                #expect((1...253).contains(reason.sentence(in: language).utf8.count))
            }
            #expect(reason.sentenceKey == "refusal.\(reason.rawValue)")
            #expect(Slug(rawValue: reason.rawValue) != nil)
        }
    }
}
