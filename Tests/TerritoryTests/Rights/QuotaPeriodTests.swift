import Foundation
import Testing

@testable import Territory

struct QuotaPeriodTests {
    private func day(_ text: String) throws -> CivilDay {
        CivilDay(try Date("\(text)T12:00:00Z", strategy: .iso8601), in: .gmt)
    }

    @Test(arguments: [
        // A Friday, a Monday, a Sunday, the first and last of months, a leap day, the turn of a year.
        ("2026-07-31", "2026-07-27", "2026-07-01", "2026-08-03", "2026-08-01"),
        ("2026-07-27", "2026-07-27", "2026-07-01", "2026-08-03", "2026-08-01"),
        ("2026-08-02", "2026-07-27", "2026-08-01", "2026-08-03", "2026-09-01"),
        ("2028-02-29", "2028-02-28", "2028-02-01", "2028-03-06", "2028-03-01"),
        ("2026-12-31", "2026-12-28", "2026-12-01", "2027-01-04", "2027-01-01"),
        ("2027-01-01", "2026-12-28", "2027-01-01", "2027-01-04", "2027-02-01"),
        ("1969-12-31", "1969-12-29", "1969-12-01", "1970-01-05", "1970-01-01"),
    ])
    func `weeks begin on Monday and months on the first`(
        _ text: String, _ monday: String, _ first: String, _ nextMonday: String, _ nextFirst: String
    ) throws {
        let day = try day(text)
        #expect(QuotaPeriod.day.start(of: day) == day && QuotaPeriod.day.next(after: day) == day.next)
        #expect(QuotaPeriod.week.start(of: day).description == monday)
        #expect(QuotaPeriod.week.next(after: day).description == nextMonday)
        #expect(QuotaPeriod.month.start(of: day).description == first)
        #expect(QuotaPeriod.month.next(after: day).description == nextFirst)
        #expect(QuotaPeriod.earliest(for: day).description == min(monday, first))
    }

    @Test func `sums the days of each period, and none that is yet to come`() throws {
        let usage = { Usage(seconds: $0, inputOctets: 0, outputOctets: 0) }
        let days = try [
            ("2026-08-03", 10_000), ("2026-08-02", 1), ("2026-08-01", 10), ("2026-07-27", 100), ("2026-07-26", 1_000),
        ].map { (day: try day($0), usage: usage($1)) }
        let sums = PeriodUsage(days, on: try day("2026-08-02"))
        #expect(sums == PeriodUsage(day: usage(1), week: usage(111), month: usage(11)))
        #expect(PeriodUsage([], on: try day("2026-08-02")) == .zero)
    }

    @Test(arguments: [
        ("2026-07-30", true, true), ("2026-08-01", true, false), ("2026-08-03", false, false),
        ("2026-07-01", false, true), ("2027-07-29", false, false),
    ])
    func `carries into another day what is of the same week or month`(
        _ text: String, _ week: Bool, _ month: Bool
    ) throws {
        let used = Usage(seconds: 1, inputOctets: 2, outputOctets: 3)
        let carried = PeriodUsage(day: used).carried(from: try day("2026-07-29"), to: try day(text))
        #expect(carried.day == .zero)
        #expect(carried.week == (week ? used : .zero) && carried.month == (month ? used : .zero))
        #expect(PeriodUsage(day: used).carried(from: try day(text), to: try day(text)) == PeriodUsage(day: used))
    }
}
