/// How a source writes its times: what the site's declaration says of its clock.
public struct SourceClock: Hashable, Sendable {
    /// The zone of times that are written without one.
    public var zone: ZoneRule

    /// A clock in `zone`.
    public init(zone: ZoneRule) { self.zone = zone }

    /// A clock in UTC.
    public static let utc = SourceClock(zone: .utc)

    /// Days within which every day of the year comes once, and perhaps one twice.
    private static let halfYear = 184

    /// The instant a source's text means, for a line received at `receivedAt` (milliseconds since 1970 UTC).
    ///
    /// A missing year is the one that brings the time nearest to the reception, so that a line of 31 December received
    /// on 1 January is of the year before, and 29 February of a leap year. A local time that came twice is the nearest
    /// to the reception; one that never came has the offset before the change.
    /// - Returns: nil for a day that does not exist, and for 29 February without year when none is near.
    func resolve(_ written: WrittenTime, receivedAt: Int64) -> SourceTime? {
        if let year = written.year {
            guard let date = CivilDate(year: year, month: written.month, day: written.day) else { return nil }
            return instant(date, written, receivedAt)
        }
        let reception = Int(clamping: receivedAt / 1000)
        let year = CivilDate(dayNumber: Self.floorDays(reception)).year
        var best: SourceTime?
        for candidate in (year - 1)...(year + 1) {
            guard let date = CivilDate(year: candidate, month: written.month, day: written.day),
                abs(date.dayNumber - Self.floorDays(reception)) <= Self.halfYear,
                let time = instant(date, written, receivedAt)
            else { continue }
            if let chosen = best, Self.distance(chosen, receivedAt) <= Self.distance(time, receivedAt) { continue }
            best = time
        }
        best?.traits.insert(.yearInferred)
        return best
    }

    private func instant(_ date: CivilDate, _ written: WrittenTime, _ receivedAt: Int64) -> SourceTime? {
        let local = date.dayNumber * 86_400 + written.secondOfDay
        if let offset = written.offset {
            return SourceTime(milliseconds: Int64(local - offset) * 1000 + written.milliseconds, traits: [])
        }
        let milliseconds = { (second: Int) in Int64(second) * 1000 + written.milliseconds }
        switch zone.instants(ofLocal: local) {
        case (let first?, nil):
            return SourceTime(milliseconds: milliseconds(first), traits: .zoneInferred)
        case (let first?, let second?):
            let (early, late) = (milliseconds(first), milliseconds(second))
            let nearest = (receivedAt - early).magnitude <= (receivedAt - late).magnitude ? early : late
            return SourceTime(milliseconds: nearest, traits: [.zoneInferred, .ambiguousHour])
        case (nil, _):
            let before = min(zone.standardOffset, zone.summerOffset)
            return SourceTime(milliseconds: milliseconds(local - before), traits: [.zoneInferred, .skippedHour])
        }
    }

    private static func distance(_ time: SourceTime, _ receivedAt: Int64) -> UInt64 {
        (time.milliseconds - receivedAt).magnitude
    }

    private static func floorDays(_ second: Int) -> Int { (second - (second < 0 ? 86_399 : 0)) / 86_400 }
}

/// An instant, and how it came about.
struct SourceTime: Equatable {
    var milliseconds: Int64
    var traits: NetworkEvent.TimeTraits
}
