import Foundation
import Testing

@testable import Territory

@Suite struct InjunctionRegisterTests {
    private func instant(_ text: String) throws -> Date { try Date(text + "T00:00:00Z", strategy: .iso8601) }

    private func injunction(_ reference: String, _ start: String, _ end: String) throws -> Injunction {
        try #require(Injunction(reference: reference, start: try instant(start), end: try instant(end)))
    }

    private func policy() throws -> RetentionPolicy {
        let rule = "clock: event, keep: 1 year}\n"
        return try RetentionPolicy.read(
            "policy: essai\nversion: 1\nclasses:\n  - {class: C5, title: {fr: T}, basis: R.10-13 V, \(rule)"
                + "  - {class: C4, title: {fr: S}, basis: R.10-13 IV, \(rule)", file: "essai.yaml"
        ).get()
    }

    @Test func `an injunction that lapses stops C5 at that instant, and C4 goes on`() throws {
        let policy = try policy()
        let register = InjunctionRegister([try injunction("décret 2025-980", "2025-10-21", "2026-10-21")])
        let end = try instant("2026-10-21")
        #expect(
            policy.basis(of: .traffic, at: end - 0.001, injunctions: register) == "R.10-13 V; décret 2025-980")
        #expect(policy.basis(of: .traffic, at: end, injunctions: register) == nil)
        #expect(policy.basis(of: .traffic, at: try instant("2025-10-20"), injunctions: register) == nil)
        #expect(policy.basis(of: .connection, at: end, injunctions: register) == "R.10-13 IV")
    }

    @Test func `an injunction lasts at most a year and does not end before it starts`() throws {
        #expect(Injunction(reference: "d", start: try instant("2026-01-01"), end: try instant("2027-01-02")) == nil)
        #expect(Injunction(reference: "d", start: try instant("2026-01-01"), end: try instant("2027-01-01")) != nil)
        #expect(Injunction(reference: "d", start: try instant("2026-01-01"), end: try instant("2026-01-01")) == nil)
        #expect(Injunction(reference: "", start: try instant("2026-01-01"), end: try instant("2026-02-01")) == nil)
    }

    @Test func `whoever decides is warned at sixty days, unless the next decree is entered`() throws {
        let first = try injunction("2025-980", "2025-10-21", "2026-10-21")
        let register = InjunctionRegister([first])
        #expect(register.daysLeft(at: try instant("2026-08-21")) == nil, "61 days are time enough")
        #expect(register.daysLeft(at: try instant("2026-08-22")) == 60)
        #expect(register.daysLeft(at: try instant("2026-10-20")) == 1)
        #expect(register.daysLeft(at: try instant("2026-10-21")) == nil, "none is in force any more")
        let next = try injunction("2026-1", "2026-10-21", "2027-10-21")
        #expect(InjunctionRegister([next, first]).daysLeft(at: try instant("2026-10-20")) == nil)
    }
}
