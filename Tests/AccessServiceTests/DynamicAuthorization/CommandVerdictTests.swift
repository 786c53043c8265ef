import Foundation
import Store
import Territory
import Testing

@testable import AccessService

@Suite struct CommandVerdictTests {
    private let acknowledged = Date(timeIntervalSince1970: 1_800_000_000)

    private func verdict(heardAfter seconds: TimeInterval?, nowAfter now: TimeInterval) -> CommandVerdict {
        let session = seconds.map { seconds in
            SessionRow(
                sessionID: UUID(), nasID: NASID(1), sessionKey: SessionKey(high: 1, low: 2), version: 1,
                organisationID: OrganisationID(1), siteID: SiteID(1), acctSessionID: "a", startedAt: acknowledged,
                lastEventAt: acknowledged, receivedAt: acknowledged + seconds)
        }
        return CommandVerdict(session, acknowledgedAt: acknowledged, interimSeconds: 300, now: acknowledged + now)
    }

    @Test func `a session that is not open has stopped, at any time`() {
        #expect(verdict(heardAfter: nil, nowAfter: 0) == .stopped)
    }

    @Test func `a report within ten seconds of the ACK proves nothing, a later one that the session goes on`() {
        #expect(verdict(heardAfter: 10, nowAfter: 30) == .unknown)
        #expect(verdict(heardAfter: 10.001, nowAfter: 30) == .continues)
    }

    @Test func `silence is believed after two intervals and ten seconds, not before`() {
        #expect(verdict(heardAfter: -5, nowAfter: 609.999) == .unknown)
        #expect(verdict(heardAfter: -5, nowAfter: 610) == .silent)
    }

    @Test func `the next look is never past the deadline`() {
        let look = CommandVerdict.nextLook(acknowledged, 300, now: acknowledged + 600)
        #expect(look == acknowledged + 610)
        #expect(CommandVerdict.nextLook(acknowledged, 300, now: acknowledged) == acknowledged + 2)
        #expect(CommandVerdict.nextLook(acknowledged, 300, now: acknowledged + 7) == acknowledged + 14)
        #expect(CommandVerdict.nextLook(acknowledged, 300, now: acknowledged + 100) == acknowledged + 160)
        #expect(CommandVerdict.nextLook(acknowledged, 300, now: acknowledged + 900) == acknowledged + 900)
    }
}
