public import Territory

/// What the portal may know of a NAS: how to recognise it and verify what it signs, never its RADIUS secret.
public struct Gateway: Sendable, Hashable {
    /// Its row.
    public let id: NASID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The site it serves.
    public let siteID: SiteID
    /// Its name within the site.
    public let name: String
    /// Names an equipment profile.
    public let profile: String
    /// Where its packets come from.
    public let source: IPPrefix?
    /// Its NAS-Identifier.
    public let identifier: String?
    /// openNDS `faskey` or UAM secret; nil: none, or sealed under another installation key.
    public let portalKey: Secret?

    /// A gateway.
    public init(
        id: NASID, organisationID: OrganisationID, siteID: SiteID, name: String, profile: String,
        source: IPPrefix? = nil,
        identifier: String? = nil, portalKey: Secret? = nil
    ) {
        (self.id, self.organisationID, self.siteID) = (id, organisationID, siteID)
        (self.name, self.profile, self.source) = (name, profile, source)
        (self.identifier, self.portalKey) = (identifier, portalKey)
    }
}
