import Foundation
import Testing

@testable import Territory

@Suite struct RetentionPeriodTests {
    private func instant(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(
        arguments: [
            ("1 year", "2026-11-21T10:00:00Z", "2027-11-21T10:00:00Z"),
            ("1 year", "2028-02-29T23:59:59Z", "2029-02-28T23:59:59Z"),  // no such day: the month's last
            ("1 year", "2027-02-28T12:00:00Z", "2028-02-28T12:00:00Z"),
            ("5 years", "2024-02-29T00:00:00Z", "2029-02-28T00:00:00Z"),
            ("4 years", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("3 months", "2026-11-30T08:00:00Z", "2027-02-28T08:00:00Z"),
            ("13 months", "2026-01-31T00:00:00Z", "2027-02-28T00:00:00Z"),
            // Paris goes from +2 to +1 at 01:00 UTC of 25 October 2026: a day is 24 hours all the same.
            ("1 days", "2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z"),
            ("90 days", "2026-12-31T23:59:59Z", "2027-03-31T23:59:59Z"),
        ])
    func `a period ends by the calendar in UTC`(period: String, start: String, end: String) throws {
        let period = try #require(RetentionPeriod(period))
        #expect(period.end(after: try instant(start)) == (try instant(end)))
    }

    @Test func `a session over midnight and over the year's end counts from its end`() throws {
        let policy = try RetentionPolicy.read(
            "policy: essai\nversion: 1\nclasses:\n  - {class: C4, title: {fr: S}, basis: b, clock: session-end, keep: 1 year}\n",
            file: "essai.yaml"
        ).get()
        let rule = try #require(policy[.connection])
        #expect(rule.expiry(of: try instant("2027-01-01T00:10:00Z")) == (try instant("2028-01-01T00:10:00Z")))
        #expect(rule.expiry(of: nil) == nil, "a session that has not ended has not started its clock")
    }

    @Test func `the day of expiry never goes back while starts go forward`() throws {
        let period = try #require(RetentionPeriod(1, .years))
        var start = try instant("2027-12-01T00:00:00Z")
        var latest = period.end(after: start)
        for _ in 0..<(2 * 24 * 120) {
            start += 1_800
            let end = period.end(after: start)
            // 28 and 29 February end on one day, at their own times.
            #expect(CivilDay(end, in: .gmt) >= CivilDay(latest, in: .gmt))
            latest = end
        }
    }

    @Test(arguments: [
        "", "1", "year", "0 years", "-1 years", "10001 days", "1  year", "1 Year", "1 year ", "1.5 years",
    ])
    func `what is no period is refused`(text: String) { #expect(RetentionPeriod(text) == nil) }
}
