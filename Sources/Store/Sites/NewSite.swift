public import Territory

/// A site to be made from a release of a package.
public struct NewSite: Sendable {
    /// Whose it is.
    public var organisation: OrganisationID
    /// The release it pins.
    public var release: PackageReleaseID
    /// 1 … 200 characters, shown to visitors.
    public var name: String
    /// The path of its portal pages; nil: made of its name and its organisation's.
    public var slug: Slug?
    /// IANA name; what opening hours and daily quotas are read in.
    public var timeZone: String
    /// Where it is; nil: where its organisation is.
    public var coordinates: Coordinates?
    /// The gateway that speaks RADIUS to us; nil: none yet. Without source and identifier, the slug is its identifier.
    public var nas: NewNAS?

    /// A site.
    public init(
        organisation: OrganisationID, release: PackageReleaseID, name: String, slug: Slug? = nil,
        timeZone: String = "Europe/Paris", coordinates: Coordinates? = nil, nas: NewNAS? = nil
    ) {
        (self.organisation, self.release, self.name, self.slug) = (organisation, release, name, slug)
        (self.timeZone, self.coordinates, self.nas) = (timeZone, coordinates, nas)
    }
}

/// A site just made. The secrets of its NAS are shown from here, to be typed into the gateway.
public struct CreatedSite: Sendable, Hashable {
    /// The site.
    public let site: Site
    /// Its networks, as the package plans them.
    public let networks: [Network]
    /// The boxes it should have, as the package expects them.
    public let equipment: [Equipment]
    /// Its NAS, with their secrets.
    public let servers: [NAS]
}
