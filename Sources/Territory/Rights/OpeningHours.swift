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
        let today = CivilDay(now, in: timeZone).daysSinceEpoch
        // Yesterday may last into today; a week from now has been through every day.
        guard let span = firstSpan(endingAfter: now, days: (today - 1)...(today + 8), in: timeZone) else {
            return .closed(opensInSeconds: nil)
        }
        let isOpen = span.lowerBound <= now
        let distance = (isOpen ? span.upperBound : span.lowerBound).timeIntervalSince(now)
        // Rounded up: an instant before the boundary there is still one second to give, never zero.
        let seconds = distance > 7 * 86_400 ? nil : Int(distance.rounded(.up))
        return isOpen ? .open(closesInSeconds: seconds) : .closed(opensInSeconds: seconds)
    }

    /// Whether visitors are served at an instant.
    public func isOpen(at now: Date, in timeZone: TimeZone) -> Bool {
        if case .open = state(at: now, in: timeZone) { return true }
        return false
    }

    /// The first stretch of opening that is not over yet. Ranges that touch or overlap are one: open until midnight and
    /// from midnight on is open throughout. Days are looked at one by one, since the answer is mostly in the first two.
    private func firstSpan(endingAfter now: Date, days: ClosedRange<Int>, in timeZone: TimeZone) -> Range<Date>? {
        let clock = WallClock(timeZone: timeZone)
        var found: Range<Date>?
        for day in days {
            for range in ranges[CivilDay(daysSinceEpoch: day).weekday] {
                let start = clock.earliest(localSeconds: day * 86_400 + range.lowerBound * 60)
                if let span = found, start > span.upperBound { return span }
                let end = clock.latest(localSeconds: day * 86_400 + range.upperBound * 60)
                guard start < end else { continue }
                if let span = found {
                    found = span.lowerBound..<max(span.upperBound, end)
                } else if now < end {
                    found = start..<end
                }
            }
        }
        return found
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
