import AccessService
import Foundation
import Testing

@testable import socle

@Suite struct WatchLineTests {
    private let decision = WatchedDecision(
        at: Date(timeIntervalSince1970: 1_800_000_000.25), site: "mairie", nas: "hall", nasID: 7, result: "reject",
        method: "pap", reason: "wrong-password", user: "agent", station: "02:00:5e:00:53:01",
        latencyMicroseconds: 1_250, survived: false)

    @Test func `what the daemon writes is read again`() throws {
        let text = String(decoding: try WatchLine.encoder.encode(decision), as: UTF8.self)
        #expect(WatchLine(text) == .decision(decision))
        #expect(WatchLine("{\"missed\":12}") == .missed(12))
        #expect(WatchLine("") == nil)
    }

    @Test func `shows columns, the time in the zone of who looks`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Paris"))
        #expect(
            WatchLine.decision(decision).shown(in: zone).split(separator: " ").map(String.init) == [
                "09:00:00.250", "reject", "pap", "wrong-password", "mairie", "hall", "02:00:5e:00:53:01", "1.2",
                "agent",
            ])
    }

    @Test func `a name that would move the cursor or turn the line round is made harmless`() {
        var hostile = decision
        hostile.user = "a\u{1B}[2Jb\u{202E}c\n"
        let shown = WatchLine.decision(hostile).shown()
        #expect(shown.hasSuffix("a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}"))
    }
}
