internal import Foundation
import Synchronization
internal import Territory

/// The time zones of the sites, for the day that usage counts on.
final class SiteCalendar: Sendable {
    /// A site's zone, and the day that was asked for last: asking the zone costs more than all else of a record's day.
    private struct Entry {
        let zone: TimeZone
        var day: CivilDay
        var instants: Range<Date>

        init(_ zone: TimeZone, _ instant: Date) {
            self.zone = zone
            day = CivilDay(instant, in: zone)
            let (start, end) = (day.start(in: zone), day.next.start(in: zone))
            instants = start..<max(start, end)
        }
    }

    private struct State {
        var zones: [SiteID: TimeZone] = [:]
        var entries: [SiteID: Entry] = [:]
    }

    private let state = Mutex(State())
    private let fallback = TimeZone(identifier: "Europe/Paris") ?? .gmt

    /// Takes over the zones of all sites.
    func replace(_ zones: [SiteID: TimeZone]) { state.withLock { $0 = State(zones: zones) } }

    /// The day of an instant at a site.
    func day(of instant: Date, at site: SiteID) -> CivilDay {
        state.withLock { state in
            if let entry = state.entries[site], entry.instants.contains(instant) { return entry.day }
            guard let zone = state.zones[site] else { return CivilDay(instant, in: fallback) }
            let entry = Entry(zone, instant)
            state.entries[site] = entry
            return entry.instants.contains(instant) ? entry.day : CivilDay(instant, in: zone)
        }
    }
}
