extension OpeningHours {
    private static let dayNames = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]

    /// Reads the notation. Throws `malformedOpeningHours`, whose context quotes the part that is wrong.
    public init(_ text: String) throws(TerritoryError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw TerritoryError(.malformedOpeningHours, "longer than \(Self.maximumLength) bytes")
        }
        var week: [[Range<Int>]] = Array(repeating: [], count: 7)
        var rules: [String] = []
        for rule in text.split(separator: ";") {
            let words = rule.split(whereSeparator: { $0.isWhitespace })
            guard !words.isEmpty else { continue }
            rules.append(words.joined(separator: " "))
            try Self.read(words, into: &week)
        }
        guard !rules.isEmpty else { throw TerritoryError(.malformedOpeningHours, "no rule") }
        notation = rules.joined(separator: "; ")
        ranges = week
    }

    private static func read(_ words: [Substring], into week: inout [[Range<Int>]]) throws(TerritoryError) {
        let days: [Int]
        let hours: Substring
        switch words.count {
        case 1 where words[0] == "24/7": (days, hours) = (Array(0..<7), "00:00-24:00")
        case 1: (days, hours) = (Array(0..<7), words[0])
        case 2: (days, hours) = (try readDays(words[0]), words[1])
        default:
            throw TerritoryError(.malformedOpeningHours, "\"\(words.joined(separator: " "))\": wanted days and hours")
        }
        let ranges = try readHours(hours)
        for day in days { week[day] = ranges }
    }

    private static func readDays(_ text: Substring) throws(TerritoryError) -> [Int] {
        var days: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { name in
                dayNames.firstIndex { $0 == name }
            }
            guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil else {
                throw TerritoryError(.malformedOpeningHours, "\"\(part)\": days are Mo, Tu, We, Th, Fr, Sa, Su")
            }
            // Sa-Mo goes round the end of the week.
            days += (first...(last >= first ? last : last + 7)).map { $0 % 7 }
        }
        return days
    }

    private static func readHours(_ text: Substring) throws(TerritoryError) -> [Range<Int>] {
        if text == "off" || text == "closed" { return [] }
        var ranges: [Range<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let start = readTime(ends[0]), start < 1_440, let end = readTime(ends[1]) else {
                throw TerritoryError(.malformedOpeningHours, "\"\(part)\": hours are HH:MM-HH:MM")
            }
            ranges.append(start..<(end > start ? end : end + 1_440))
        }
        guard ranges.count <= maximumRangesPerDay else {
            throw TerritoryError(.malformedOpeningHours, "more than \(maximumRangesPerDay) ranges in a day")
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// Minutes of the day, up to 24:00.
    private static func readTime(_ text: Substring) -> Int? {
        let digits = Array(text.utf8)
        guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
        let number = { (first: Int) -> Int? in
            let pair = digits[first...(first + 1)]
            guard pair.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            return pair.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        guard let hours = number(0), let minutes = number(3), minutes < 60 else { return nil }
        let total = hours * 60 + minutes
        return total <= 1_440 ? total : nil
    }
}
