import Foundation
import NetworkLogs
import Testing

@Suite struct ZoneRuleTests {
    @Test func `metropolitan France is the rule of its POSIX text`() throws {
        #expect(try ZoneRule(posix: "CET-1CEST,M3.5.0,M10.5.0/3") == .europeParis)
        #expect(try ZoneRule(posix: "UTC0") == .utc)
    }

    @Test(arguments: [
        "<-04>4", "<+04>-4", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "EST5EDT,M3.2.0,M11.1.0",
        "AEST-10AEDT,M10.1.0,M4.1.0/3", "IST-2IDT,M3.4.4/26,M10.5.0", "XXX+3:30:15YYY-2,M1.1.0/167,M12.5.6/-167",
    ])
    func `reads what the zone database writes (RFC 8536 §3.3)`(text: String) throws {
        _ = try ZoneRule(posix: text)
    }

    @Test(arguments: [
        "", "C", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,J60,J300", "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,M3.5.0,M10.5.0 ", "<+0", "CET-1CEST,M3.0.0,M10.5.0", "CET--1",
    ])
    func `refuses what it cannot express`(text: String) {
        #expect(throws: NetworkLogsError(.zoneMalformed)) { _ = try ZoneRule(posix: text) }
    }

    @Test func `reads the footer of a zone file, and refuses files without one`() throws {
        let file = Array("TZif2 whatever\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        #expect(try ZoneRule(tzif: file) == .europeParis)
        for broken in ["", "TZif", "TZif\n", "TZif\n\n", "XXXX\nCET-1\n", "TZif\nCET-1"] {
            #expect(throws: NetworkLogsError(.zoneMalformed)) { _ = try ZoneRule(tzif: Array(broken.utf8)) }
        }
    }

    /// Against the system's own reckoning, over every change from 2020 to 2035, to the second.
    @Test(arguments: ["Europe/Paris", "America/New_York", "Australia/Sydney", "America/Martinique", "Indian/Reunion"])
    func `local times read as the system's zone database says`(name: String) throws {
        let file = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/" + name))
        let clock = SourceClock(zone: try ZoneRule(tzif: Array(file)))
        let zone = try #require(TimeZone(identifier: name))
        var instants: [Int] = []
        var next = Date(timeIntervalSince1970: 1_577_836_800)
        while let change = zone.nextDaylightSavingTimeTransition(after: next),
            change.timeIntervalSince1970 < 2_051_222_400
        {
            let second = Int(change.timeIntervalSince1970)
            instants += [-7201, -3601, -3600, -1, 0, 1, 3599, 3600, 7201].map { second + $0 }
            next = change
        }
        instants += stride(from: 1_577_836_800, to: 2_051_222_400, by: 7_654_321)
        for instant in instants {
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant)))
            let text = EventText.instant(Int64(instant + offset) * 1000).dropLast(5)
            let line = Array("<1>\(text) gw nat: proto=TCP src=10.0.0.1:1 nat=203.0.113.1:2".utf8)
            // Received at that very second, so that an hour which comes twice is told apart.
            let parser = LineParser(dialects: .natRecord, clock: clock)
            guard case .event(let event) = parser.parse(line, receivedAt: Int64(instant) * 1000) else {
                Issue.record("\(text) was not read")
                continue
            }
            #expect(event.time == Int64(instant) * 1000, "\(text)")
        }
        #expect(instants.count > 60)
    }
}
