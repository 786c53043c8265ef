import Foundation
import Testing

@testable import Territory

struct OpeningHoursTests {
    private let paris = Site.timeZone(named: "Europe/Paris")

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private static let seconds: [(String, OpeningHours.State)] = [
        ("2026-07-31T05:59:59Z", .closed(opensInSeconds: 1)),  // Friday 07:59:59 in Paris
        ("2026-07-31T06:00:00Z", .open(closesInSeconds: 4 * 3_600)),
        ("2026-07-31T09:59:59Z", .open(closesInSeconds: 1)),
        ("2026-07-31T10:00:00Z", .closed(opensInSeconds: 2 * 3_600)),
        ("2026-07-31T16:00:00Z", .closed(opensInSeconds: 15 * 3_600)),  // Saturday at 09:00
        ("2026-08-01T10:00:00Z", .closed(opensInSeconds: 44 * 3_600)),  // Monday at 08:00
    ]

    @Test(arguments: seconds)
    func `opens and closes on the second`(_ now: String, _ state: OpeningHours.State) throws {
        let hours = try OpeningHours("Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00")
        #expect(hours.state(at: try date(now), in: paris) == state)
    }

    @Test func `carries an evening over midnight`() throws {
        let hours = try OpeningHours("Fr 18:00-02:00")
        #expect(hours.state(at: try date("2026-07-31T23:59:00Z"), in: paris) == .open(closesInSeconds: 60))
        #expect(!hours.isOpen(at: try date("2026-08-01T00:00:00Z"), in: paris))
        #expect(hours.isOpen(at: try date("2026-07-31T16:00:00Z"), in: paris))
    }

    @Test func `joins midnight to midnight`() throws {
        let hours = try OpeningHours("Fr 18:00-24:00; Sa 00:00-03:00")
        #expect(hours.state(at: try date("2026-07-31T20:00:00Z"), in: paris) == .open(closesInSeconds: 5 * 3_600))
    }

    @Test func `never closes when open every day around the clock`() throws {
        #expect(try OpeningHours("24/7").state(at: .now, in: paris) == .open(closesInSeconds: nil))
        #expect(try OpeningHours("Mo-Su 00:00-24:00").state(at: .now, in: paris) == .open(closesInSeconds: nil))
        #expect(try OpeningHours("Mo-Su off").state(at: .now, in: paris) == .closed(opensInSeconds: nil))
        #expect(
            try OpeningHours("24/7; Su off").state(at: date("2026-08-02T10:00:00Z"), in: paris)
                == .closed(opensInSeconds: 12 * 3_600))
    }

    @Test func `keeps open through both readings of 02:30 on the autumn night`() throws {
        // On 25 October 2026 at 03:00 (01:00 UTC) clocks go back to 02:00.
        let hours = try OpeningHours("Sa 20:00-02:30; Su 10:00-12:00")
        #expect(hours.state(at: try date("2026-10-25T00:00:00Z"), in: paris) == .open(closesInSeconds: 5_400))
        #expect(hours.isOpen(at: try date("2026-10-25T00:45:00Z"), in: paris))  // 02:45 first, still going on
        #expect(hours.isOpen(at: try date("2026-10-25T01:29:59Z"), in: paris))  // 02:29:59 second
        #expect(!hours.isOpen(at: try date("2026-10-25T01:30:00Z"), in: paris))
        #expect(
            hours.state(at: try date("2026-10-24T18:00:00Z"), in: paris) == .open(closesInSeconds: 7 * 3_600 + 1_800))
    }

    @Test func `opens at the first reading on the autumn night`() throws {
        let hours = try OpeningHours("Su 02:30-04:00")
        #expect(!hours.isOpen(at: try date("2026-10-25T00:29:59Z"), in: paris))
        #expect(hours.state(at: try date("2026-10-25T00:30:00Z"), in: paris) == .open(closesInSeconds: 9_000))
        #expect(hours.isOpen(at: try date("2026-10-25T01:00:00Z"), in: paris))
    }

    @Test func `takes a reading that spring skips for the jump`() throws {
        // On 29 March 2026 at 02:00 (01:00 UTC) clocks go to 03:00.
        let closing = try OpeningHours("Sa 20:00-02:30")
        #expect(closing.isOpen(at: try date("2026-03-29T00:59:59Z"), in: paris))
        #expect(!closing.isOpen(at: try date("2026-03-29T01:00:00Z"), in: paris))
        let opening = try OpeningHours("Su 02:30-04:00")
        #expect(!opening.isOpen(at: try date("2026-03-29T00:59:59Z"), in: paris))
        #expect(opening.state(at: try date("2026-03-29T01:00:00Z"), in: paris) == .open(closesInSeconds: 3_600))
        let within = try OpeningHours("Su 02:00-03:00")
        #expect(!within.isOpen(at: try date("2026-03-29T01:00:00Z"), in: paris))
    }

    @Test(arguments: [
        ("Mo-Fr  08:00-12:00 ;Sa 09:00-12:00;", "Mo-Fr 08:00-12:00; Sa 09:00-12:00"), ("08:00-18:00", "08:00-18:00"),
        ("Mo,We,Fr 08:00-18:00", "Mo,We,Fr 08:00-18:00"), ("Sa-Mo 10:00-12:00", "Sa-Mo 10:00-12:00"),
    ])
    func `reads the notation and gives it back`(_ text: String, _ notation: String) throws {
        #expect(try OpeningHours(text).notation == notation)
        #expect(try OpeningHours(OpeningHours(text).notation) == OpeningHours(text))
    }

    private static let refused: [String] = [
        "", ";", "Mo", "Lu 08:00-12:00", "Mo 8:00-12:00", "Mo 08:00", "Mo 08:00-25:00", "Mo 24:00-25:00",
        "Mo 08:60-12:00",
        "Mo-Tu-We 08:00-12:00", "Mo 08:00-12:00 extra", "PH off", "Mo 08:00-12:00,", "Mo +8:00-12:00",
    ]

    @Test(arguments: refused)
    func `refuses other notations`(_ text: String) {
        #expect(throws: TerritoryError(.malformedOpeningHours)) { try OpeningHours(text) }
    }

    @Test func `bounds a notation's length and the ranges of a day`() throws {
        let ranges = { (count: Int) in "Mo " + Array(repeating: "08:00-09:00", count: count).joined(separator: ",") }
        #expect(throws: Never.self) { try OpeningHours(ranges(8)) }
        #expect(throws: TerritoryError(.malformedOpeningHours)) { try OpeningHours(ranges(9)) }
        #expect(throws: Never.self) { try OpeningHours("24/7" + String(repeating: " ", count: 508)) }
        #expect(throws: TerritoryError(.malformedOpeningHours)) {
            try OpeningHours("24/7" + String(repeating: " ", count: 509))
        }
    }

    @Test func `reads the week round its end`() throws {
        let hours = try OpeningHours("Sa-Mo 10:00-12:00")
        for (day, isOpen) in [("01", true), ("02", true), ("03", true), ("04", false), ("07", false)] {
            #expect(hours.isOpen(at: try date("2026-08-\(day)T09:00:00Z"), in: paris) == isOpen)
        }
    }

    @Test(arguments: [
        ("2026-07-31T21:59:59Z", "2026-07-31"), ("2026-07-31T22:00:00Z", "2026-08-01"),
        ("1970-01-01T00:00:00Z", "1970-01-01"),
        ("1969-12-31T22:00:00Z", "1969-12-31"), ("2024-02-29T12:00:00Z", "2024-02-29"),
        ("2100-03-01T12:00:00Z", "2100-03-01"),
    ])
    func `counts days in the site's zone`(_ now: String, _ day: String) throws {
        #expect(CivilDay(try date(now), in: paris).description == day)
    }

    @Test func `begins a day where the zone does, on nights of 23 and 25 hours too`() throws {
        for (now, hours) in [
            ("2026-03-29T12:00:00Z", 23.0), ("2026-10-25T12:00:00Z", 25), ("2026-07-31T12:00:00Z", 24),
        ] {
            let day = CivilDay(try date(now), in: paris)
            #expect(day.next.start(in: paris).timeIntervalSince(day.start(in: paris)) == hours * 3_600)
            #expect(CivilDay(day.start(in: paris), in: paris) == day)
        }
    }
}
