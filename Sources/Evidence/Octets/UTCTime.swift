/// Milliseconds since 1970 UTC as people write them.
enum UTCTime {
    /// `2026-11-21T23:00:00.000Z`; years outside 0 to 9999 as the number.
    static func text(_ milliseconds: Int64) -> String {
        let (day, rest) = divided(milliseconds, 86_400_000)
        guard let date = date(day) else { return String(milliseconds) }
        let seconds = rest / 1000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(date)T\(clock).\(padded(rest % 1000, 3))Z"
    }

    /// `2026-11-21`.
    static func day(_ milliseconds: Int64) -> String {
        date(divided(milliseconds, 86_400_000).quotient) ?? String(milliseconds)
    }

    private static func divided(_ value: Int64, _ by: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }

    /// The civil date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
    private static func date(_ day: Int64) -> String? {
        let (era, ofEra) = divided(day + 719_468, 146_097)
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let shifted = (5 * ofYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let civil = year + era * 400 + (month <= 2 ? 1 : 0)
        guard (0...9999).contains(civil) else { return nil }
        return "\(padded(civil, 4))-\(padded(month, 2))-\(padded(ofYear - (153 * shifted + 2) / 5 + 1, 2))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
