public import Foundation

/// When a site serves visitors, week by week, in its own time zone.
///
/// Written in a subset of the OpenStreetMap notation: `Mo-Fr 08:00-18:30; Sa 09:00-12:00,14:00-17:00`. Days are `Mo` …
/// `Su`, in ranges or lists; an end at or before its start is on the next day (`Fr 18:00-02:00`); `24:00` is midnight;
/// `off` closes; a later rule replaces earlier ones on its days; days in no rule are closed; `24/7` is always.
///
/// On the autumn night, when 02:00–03:00 comes twice, a range opens at the first reading of its start and closes at the
/// last reading of its end. A reading that spring skips stands for the instant of the jump.
public struct OpeningHours: Sendable, Hashable {
    /// Longest notation, in bytes.
    public static let maximumLength = 512
    /// Most ranges in one day.
    public static let maximumRangesPerDay = 8

    /// Whether visitors are served at an instant, and for how long.
    public enum State: Sendable, Hashable {
        /// Open; nil: does not close within the next week.
        case open(closesInSeconds: Int?)
        /// Closed; nil: does not open within the next week.
        case closed(opensInSeconds: Int?)
    }

    /// The notation, with single spaces.
    public let notation: String
    /// Minutes of the day for each weekday from Monday, the end above 1,440 when it is on the next day.
    let ranges: [[Range<Int>]]

    /// The state at an instant, in a zone.
    public func state(at now: Date, in timeZone: TimeZone) -> State {
        if ranges.allSatisfy({ $0 == [0..<1_440] }) { return .open(closesInSeconds: nil) }
        let today = CivilDay(now, in: timeZone)
        let spans = Self.joined(spans(from: today.daysSinceEpoch - 1, through: today.daysSinceEpoch + 8, in: timeZone))
        let week: TimeInterval = 7 * 86_400
        // Rounded up: an instant before the boundary there is still one second to give, never zero.
        let seconds = { (until: Date) -> Int? in
            let distance = until.timeIntervalSince(now)
            return distance > week ? nil : Int(distance.rounded(.up))
        }
        for span in spans where now < span.upperBound {
            return now < span.lowerBound
                ? .closed(opensInSeconds: seconds(span.lowerBound)) : .open(closesInSeconds: seconds(span.upperBound))
        }
        return .closed(opensInSeconds: nil)
    }

    /// Whether visitors are served at an instant.
    public func isOpen(at now: Date, in timeZone: TimeZone) -> Bool {
        if case .open = state(at: now, in: timeZone) { return true }
        return false
    }

    private func spans(from first: Int, through last: Int, in timeZone: TimeZone) -> [Range<Date>] {
        let clock = WallClock(timeZone: timeZone)
        return (first...last).flatMap { day in
            ranges[CivilDay(daysSinceEpoch: day).weekday].compactMap { range in
                let start = clock.earliest(localSeconds: day * 86_400 + range.lowerBound * 60)
                let end = clock.latest(localSeconds: day * 86_400 + range.upperBound * 60)
                return start < end ? start..<end : nil
            }
        }
    }

    /// Spans that touch or overlap become one: open until midnight and from midnight on is open throughout.
    private static func joined(_ spans: [Range<Date>]) -> [Range<Date>] {
        var result: [Range<Date>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, span.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                result.append(span)
            }
        }
        return result
    }
}

extension OpeningHours: Codable, CustomStringConvertible {
    /// The notation.
    public var description: String { notation }

    /// Reads the notation.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = try OpeningHours(try container.decode(String.self))
        } catch let error as TerritoryError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.context)
        }
    }

    /// Writes the notation.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(notation)
    }
}
