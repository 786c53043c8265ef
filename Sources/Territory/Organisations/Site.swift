public import Foundation

/// A place with WiFi: one town hall, one village hall.
public struct Site: Sendable, Hashable {
    /// Whether the site serves visitors at all.
    public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        /// Serves visitors, within its opening hours.
        case open
        /// Refuses every login until an operator opens it again.
        case closed
    }

    /// Its row.
    public let id: SiteID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The package release it pins.
    public let packageReleaseID: PackageReleaseID
    /// The path of its portal pages, unique over the installation.
    public let slug: Slug
    /// 1 … 200 characters, shown to visitors.
    public let name: String
    /// Whether it serves visitors.
    public let status: Status
    /// What opening hours and daily quotas are read in.
    public let timeZone: TimeZone
    /// Where it is on the map.
    public let coordinates: Coordinates?

    /// A site as the table holds it.
    public init(
        id: SiteID, organisationID: OrganisationID, packageReleaseID: PackageReleaseID, slug: Slug, name: String,
        status: Status = .open, timeZone: TimeZone, coordinates: Coordinates? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.packageReleaseID = packageReleaseID
        self.slug = slug
        self.name = name
        self.status = status
        self.timeZone = timeZone
        self.coordinates = coordinates
    }

    /// The zone of that IANA name; UTC where the name is unknown, so that a bad row never stops a login.
    public static func timeZone(named identifier: String) -> TimeZone {
        TimeZone(identifier: identifier) ?? .gmt
    }
}
