import Foundation
import Store
import Territory
import Testing

@testable import AccessService

@Suite struct RightsJudgeTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func context(_ rights: Rights, status: Site.Status = .open) throws -> SiteContext {
        let site = Site(
            id: 1, organisationID: 1, packageReleaseID: 1, slug: try #require(Slug(rawValue: "s")), name: "S",
            status: status, timeZone: .gmt)
        return SiteContext(site: site, rights: rights)
    }

    private func session(_ counters: SessionCounters = .zero) -> SessionRow {
        SessionRow(
            sessionID: UUID(), nasID: 1, sessionKey: SessionKey(high: 1, low: 2), version: 1, organisationID: 1,
            siteID: 1, subject: SubjectReference(kind: .voucher, id: 1), acctSessionID: "a", startedAt: now - 1_000,
            lastEventAt: now, receivedAt: now, counters: counters)
    }

    private func judge(
        _ rights: Rights = Rights(), subject: Subject?, used: Usage = .zero, counters: SessionCounters = .zero,
        status: Site.Status = .open
    ) throws -> RightsJudge.Judgement {
        let standing = SessionStanding(
            session: session(counters), subject: subject, days: [.init(day: CivilDay(now, in: .gmt), usage: used)])
        return RightsJudge(context: try context(rights, status: status), now: now).judge(standing)
    }

    private func voucher(
        from: Date? = nil, until: Date? = nil, revokedAt: Date? = nil, closedAt: Date? = nil
    ) -> Subject {
        Subject(
            reference: .voucher(1), organisationID: 1, validFrom: from, validUntil: until, revokedAt: revokedAt,
            closedAt: closedAt)
    }

    @Test func `what time ends is left to the NAS for a minute`() throws {
        #expect(try judge(subject: voucher(until: now - 59)) == .goesOn(octetsLeft: nil, hasQuota: true))
        #expect(try judge(subject: voucher(until: now - 60)) == .ends(.expired))
        let hours = Rights(openingHours: try OpeningHours("Mo-Su off"))
        #expect(try judge(hours, subject: voucher()) == .ends(.outsideOpeningHours))
        let limited = Rights(dailySeconds: 3_600)
        let used = { (seconds: Int64) in Usage(seconds: seconds, inputOctets: 0, outputOctets: 0) }
        #expect(try judge(limited, subject: voucher(), used: used(3_659)) == .goesOn(octetsLeft: nil, hasQuota: true))
        #expect(try judge(limited, subject: voucher(), used: used(3_660)) == .ends(.dailyTimeUsed))
    }

    @Test func `a right that began and ended within the minute is left to the NAS too`() throws {
        let brief = try judge(subject: voucher(from: now - 30, until: now))
        #expect(brief == .goesOn(octetsLeft: nil, hasQuota: true))
        #expect(try judge(subject: voucher(from: now - 90, until: now - 60)) == .ends(.expired))
    }

    @Test func `what somebody decides, or a volume, ends a session at once`() throws {
        #expect(try judge(subject: voucher(revokedAt: now)) == .ends(.revoked))
        #expect(try judge(subject: voucher(closedAt: now)) == .ends(.closedAccount))
        #expect(try judge(subject: voucher(), status: .closed) == .ends(.siteClosed))
        #expect(try judge(subject: nil) == .ends(.revoked), "nothing is left that lets it in")
        let limited = Rights(dailyOctets: 1_000)
        let used = { (octets: Int64) in Usage(seconds: 0, inputOctets: octets, outputOctets: 0) }
        #expect(try judge(limited, subject: voucher(), used: used(999)) == .goesOn(octetsLeft: 1, hasQuota: true))
        #expect(try judge(limited, subject: voucher(), used: used(1_000)) == .ends(.dailyVolumeUsed))
    }

    @Test func `who is connected needs no place, nor a quota where there is none`() throws {
        #expect(try judge(Rights(devices: 1), subject: voucher()) == .goesOn(octetsLeft: nil, hasQuota: false))
    }

    @Test func `a throttle may end a session only where it was let in before the quota was used up`() throws {
        let rights = Rights(dailyOctets: 1_000, whenExhausted: .throttle, throttleDownBitsPerSecond: 64_000)
        let used = Usage(seconds: 0, inputOctets: 1_500, outputOctets: 0)
        for (own, mayEnd) in [(Int64(501), true), (500, false)] {
            let counters = SessionCounters(
                seconds: 0, inputOctets: own, outputOctets: 0, inputPackets: 0, outputPackets: 0)
            guard
                case .slows(let allowance, .dailyVolumeUsed, mayEnd) = try judge(
                    rights, subject: voucher(), used: used, counters: counters)
            else {
                Issue.record("\(own) of its own octets")
                continue
            }
            #expect(allowance.rateDownBitsPerSecond == 64_000)
        }
    }
}
