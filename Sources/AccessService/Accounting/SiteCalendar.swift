internal import Foundation
import Synchronization
internal import Territory

/// The time zones of the sites, for the day that usage counts on.
final class SiteCalendar: Sendable {
    private let zones = Mutex<[SiteID: TimeZone]>([:])
    private let fallback = TimeZone(identifier: "Europe/Paris") ?? .gmt

    /// Takes over the zones of all sites.
    func replace(_ zones: [SiteID: TimeZone]) { self.zones.withLock { $0 = zones } }

    /// The day of an instant at a site.
    func day(of instant: Date, at site: SiteID) -> CivilDay {
        let zone = zones.withLock { $0[site] } ?? fallback
        return CivilDay(instant, in: zone)
    }
}
