import Foundation
import Store
import Territory
import Testing

@testable import AccessService

@Suite struct RepeatedDecisionsTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func event(
        _ name: String?, after seconds: TimeInterval = 0, _ result: AuthenticationEvent.Result = .reject,
        reason: String? = "wrong-password", nas: Int64 = 1, station: String? = "s", latency: Int32 = 1
    ) -> AuthenticationEvent {
        AuthenticationEvent(
            at: Self.start + seconds, organisation: OrganisationID(1), site: SiteID(1), nas: NASID(nas),
            result: result, method: "pap", reason: reason, userName: name, callingStation: station,
            latencyMicroseconds: latency)
    }

    @Test func `identical refusals within the window are one event with a count`() {
        var repeats = RepeatedDecisions(window: 10)
        #expect(
            repeats.fold([event("a"), event("a", after: 3, latency: 9), event("a", after: 9.9)]).isEmpty)
        #expect(repeats.take(at: Self.start + 9.9).isEmpty)
        let taken = repeats.take(at: Self.start + 10)
        #expect(taken.map(\.repeats) == [3])
        #expect(taken.first?.at == Self.start)
        #expect(taken.first?.lastAt == Self.start + 9.9)
        #expect(taken.first?.latencyMicroseconds == 9)
        #expect(repeats.isEmpty)
    }

    @Test func `one that comes after the window begins another`() {
        var repeats = RepeatedDecisions(window: 10)
        let stored = repeats.fold([event("a"), event("a", after: 10)])
        #expect(stored.map(\.at) == [Self.start])
        #expect(stored.first?.lastAt == nil)
        #expect(repeats.take(at: nil).map(\.at) == [Self.start + 10])
    }

    @Test func `an accept is never held back`() {
        var repeats = RepeatedDecisions(window: 10)
        #expect(repeats.fold([event("a", .accept, reason: nil), event("a", .accept, reason: nil)]).count == 2)
        #expect(repeats.isEmpty)
    }

    @Test func `what differs in NAS, name, station or reason is counted apart`() {
        var repeats = RepeatedDecisions(window: 10)
        let different = [
            event("a"), event("b"), event(nil), event("a", nas: 2), event("a", station: nil),
            event("a", reason: "expired"),
        ]
        #expect(repeats.fold(different + different).isEmpty)
        #expect(repeats.take(at: nil).map(\.repeats) == [2, 2, 2, 2, 2, 2])
    }

    @Test func `beyond its capacity each is stored by itself`() {
        var repeats = RepeatedDecisions(window: 10)
        let full = (0..<RepeatedDecisions.capacity).map { event("u\($0)") }
        #expect(repeats.fold(full).isEmpty)
        #expect(repeats.fold([event("one more"), event("u0")]).map(\.userName) == ["one more"])
        #expect(repeats.take(at: nil).count == RepeatedDecisions.capacity)
    }

    @Test func `a clock that was set back ends the window`() {
        var repeats = RepeatedDecisions(window: 10)
        #expect(repeats.fold([event("a"), event("a", after: -60)]).count == 1)
    }

    @Test func `without a window nothing is held back`() {
        var repeats = RepeatedDecisions(window: 0)
        #expect(repeats.fold([event("a"), event("a")]).count == 2)
    }
}
