import Foundation
import Store
import Territory
import Testing

@testable import AccessService

@Suite struct SiteDeciderTests {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let keys = InstallationKeys(.random())

    private func site(_ zone: String = "Europe/Paris", status: Site.Status = .open) throws -> Site {
        Site(
            id: 1, organisationID: 1, packageReleaseID: 1, slug: try #require(Slug(rawValue: "s")), name: "S",
            status: status, timeZone: try #require(TimeZone(identifier: zone)))
    }

    private func known(_ subject: Subject, usage: Usage = .zero, stations: [String] = []) -> LoginEntry.Known {
        let login = KnownLogin(
            subject: subject, source: subject.reference, verifier: .none, usage: PeriodUsage(day: usage),
            stations: stations.map { HeardStation(name: $0, isConnected: true, heardAt: noon) })
        return LoginEntry.Known(login, subject: subject, keys: keys)
    }

    /// The same facts through the rules of the territory, without anything remembered.
    private func plain(
        _ site: Site, _ rights: Rights, _ known: LoginEntry.Known, _ now: Date, groups: [String: GroupPlan] = [:]
    ) -> Decision {
        decide(
            known.subject,
            Situation(
                site: site, rights: rights, groups: groups, used: known.usage, otherDevices: known.stations.count,
                now: now))
    }

    @Test func `a quota is the site's, the group's or one's own, and may be lifted`() throws {
        let site = try site()
        var (counted, free) = (RightsOverride(), RightsOverride())
        counted.weeklySeconds = .limited(3_600)
        free.dailyOctets = .unlimited
        let subject = { (group: String?, rights: RightsOverride?) in
            Subject(reference: .voucher(1), organisationID: 1, rights: rights, group: group)
        }
        let open = SiteContext(site: site, rights: Rights(devices: 2), groups: ["staff": GroupPlan(rights: counted)])
        #expect(!open.hasQuota(subject(nil, nil)) && open.hasQuota(subject("staff", nil)))
        #expect(open.hasQuota(subject(nil, counted)))
        let bounded = SiteContext(site: site, rights: Rights(dailyOctets: 1_000))
        #expect(bounded.hasQuota(subject(nil, nil)) && !bounded.hasQuota(subject(nil, free)))
    }

    @Test(arguments: ["Mo-Su 08:00-18:00", "Mo-Fr 07:30-23:00; Sa 08:00-18:00", "Fr 18:00-02:00", "24/7", "Mo-Su off"])
    func `decides as the rules do, hour after hour for a fortnight with a change of clocks`(_ notation: String) throws {
        let rights = Rights(
            sessionSeconds: 14_400, dailyOctets: 1_000, devices: 2, openingHours: try OpeningHours(notation))
        let site = try site()
        var (throttled, night) = (RightsOverride(), RightsOverride())
        (throttled.whenExhausted, throttled.throttleUpBitsPerSecond) = (.limited(.throttle), .limited(64_000))
        night.openingHours = .limited(try OpeningHours("Mo-Su 22:00-06:00"))
        let groups = ["slow": GroupPlan(vlan: 7, rights: throttled), "night": GroupPlan(role: "night", rights: night)]
        let decider = SiteDecider(SiteContext(site: site, rights: rights, groups: groups))
        let grouped = { (id: VoucherID, group: String, octets: Int64) in
            known(
                Subject(reference: .voucher(id), organisationID: 1, group: group),
                usage: Usage(seconds: 0, inputOctets: octets, outputOctets: 0))
        }
        let start = Date(timeIntervalSince1970: 1_774_000_000)  // the clocks go forward nine days later
        let subjects = [
            known(Subject(reference: .voucher(1), organisationID: 1)),
            known(
                Subject(reference: .voucher(2), organisationID: 1),
                usage: Usage(seconds: 0, inputOctets: 1_000, outputOctets: 0)),
            known(Subject(reference: .voucher(3), organisationID: 1), stations: ["a", "b"]),
            known(Subject(reference: .voucher(4), organisationID: 1, validUntil: start.addingTimeInterval(500_000))),
            known(Subject(reference: .voucher(5), organisationID: 1, revokedAt: start.addingTimeInterval(300_000))),
            known(Subject(reference: .voucher(6), organisationID: 2)), grouped(7, "slow", 999),
            grouped(8, "slow", 1_000), grouped(9, "night", 0), grouped(10, "nowhere", 0),
        ]
        for step in 0..<(14 * 24 * 3) {
            let now = start.addingTimeInterval(Double(step) * 1200 + 0.25)
            let day = CivilDay(now, in: site.timeZone)
            for subject in subjects {
                #expect(
                    decider.decide(subject, day: day, station: { nil }, now: now)
                        == plain(site, rights, subject, now, groups: groups),
                    "\(notation) at \(now)")
            }
        }
    }

    @Test func `a login with hours of its own is decided by those`() throws {
        var own = RightsOverride()
        own.openingHours = .unlimited
        let rights = Rights(openingHours: try OpeningHours("Mo-Su off"))
        let decider = SiteDecider(SiteContext(site: try site(), rights: rights))
        let login = known(Subject(reference: .voucher(1), organisationID: 1, rights: own))
        guard case .accept = decider.decide(login, day: CivilDay(daysSinceEpoch: 0), station: { nil }, now: noon) else {
            Issue.record("refused")
            return
        }
    }

    @Test func `when the clock is stepped back, hours read in its future are read again`() throws {
        let rights = Rights(openingHours: try OpeningHours("Mo-Su 08:00-18:00"))
        let site = try site("UTC")
        let decider = SiteDecider(SiteContext(site: site, rights: rights))
        let login = known(Subject(reference: .voucher(1), organisationID: 1))
        let morning = Date(timeIntervalSince1970: 1_800_000_000 / 86_400 * 86_400).addingTimeInterval(9 * 3600)
        for now in [morning, morning.addingTimeInterval(-3 * 3600), morning, morning.addingTimeInterval(10 * 3600)] {
            let day = CivilDay(now, in: site.timeZone)
            #expect(decider.decide(login, day: day, station: { nil }, now: now) == plain(site, rights, login, now))
        }
    }

    @Test func `what was used on another day counts for nothing`() throws {
        let site = try site()
        let decider = SiteDecider(SiteContext(site: site, rights: Rights(dailyOctets: 10)))
        let login = known(
            Subject(reference: .voucher(1), organisationID: 1),
            usage: Usage(seconds: 0, inputOctets: 10, outputOctets: 0))
        let today = CivilDay(noon, in: site.timeZone)
        #expect(decider.decide(login, day: today, station: { nil }, now: noon) == .refuse(.dailyVolumeUsed))
        let yesterday = CivilDay(daysSinceEpoch: today.daysSinceEpoch - 1)
        guard case .accept = decider.decide(login, day: yesterday, station: { nil }, now: noon) else {
            Issue.record("refused")
            return
        }
    }

    @Test func `what was used yesterday still counts for its week and its month`() throws {
        let site = try site()
        let login = known(
            Subject(reference: .voucher(1), organisationID: 1),
            usage: Usage(seconds: 0, inputOctets: 10, outputOctets: 0))
        let today = CivilDay(noon, in: site.timeZone)  // a Friday, the 15th
        let decision = { (rights: Rights, daysAgo: Int) in
            SiteDecider(SiteContext(site: site, rights: rights)).decide(
                login, day: CivilDay(daysSinceEpoch: today.daysSinceEpoch - daysAgo), station: { nil }, now: noon)
        }
        #expect(decision(Rights(weeklyOctets: 10), 4) == .refuse(.weeklyVolumeUsed))
        #expect(decision(Rights(weeklyOctets: 10), 5) != .refuse(.weeklyVolumeUsed))
        #expect(decision(Rights(monthlyOctets: 10), 14) == .refuse(.monthlyVolumeUsed))
        #expect(decision(Rights(monthlyOctets: 10), 15) != .refuse(.monthlyVolumeUsed))
    }

    @Test func `the device that asks is not one of the others`() throws {
        let decider = SiteDecider(SiteContext(site: try site(), rights: Rights(devices: 1)))
        let login = known(Subject(reference: .voucher(1), organisationID: 1), stations: ["02:00:5e:00:53:01"])
        let day = CivilDay(daysSinceEpoch: 0)
        #expect(
            decider.decide(login, day: day, station: { "02:00:5e:00:53:02" }, now: noon) == .refuse(.tooManyDevices))
        guard case .accept = decider.decide(login, day: day, station: { "02:00:5e:00:53:01" }, now: noon) else {
            Issue.record("refused")
            return
        }
    }
}
