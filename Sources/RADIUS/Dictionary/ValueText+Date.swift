/// Dates, computed by the civil calendar: no clock, no time zone, no formatter.
extension ValueText {
    /// Seconds since 1970, or `YYYY-MM-DDTHH:MM:SSZ`.
    static func date(_ text: String) -> [UInt8]? {
        guard let seconds = number(text) ?? civilSeconds(text) else { return nil }
        return withUnsafeBytes(of: seconds.bigEndian) { Array($0) }
    }

    static func date(_ seconds: UInt32) -> String {
        let (days, rest) = (Int(seconds / 86_400), Int(seconds % 86_400))
        let (year, month, day) = civil(days: days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        return "\(date)T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func civilSeconds(_ text: String) -> UInt32? {
        let shape = Array("0000-00-00T00:00:00Z".utf8)
        let characters = Array(text.utf8)
        guard characters.count == shape.count else { return nil }
        for (character, expected) in zip(characters, shape) {
            guard expected == 0x30 ? (0x30...0x39).contains(character) : character == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { characters[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard (1970...2106).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 60
        else { return nil }
        let days = self.days(year: year, month: month, day: day)
        guard civil(days: days) == (year, month, day) else { return nil }
        return UInt32(exactly: days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    // Years are counted from March, so that the leap day is the last one; 719 468 days lie between 0000-03-01 and 1970.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = ((days + 719_468) / 146_097, (days + 719_468) % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
