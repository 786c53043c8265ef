/// A box at a site: an access point, a gateway, a switch.
public struct Equipment: Sendable, Hashable {
    /// Its row.
    public let id: EquipmentID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The site it stands at.
    public let siteID: SiteID
    /// Its name within the site.
    public let name: String
    /// Names an ``EquipmentProfile``.
    public let profile: String
    /// Where it is managed.
    public let managementAddress: IPAddress?
    /// Its base MAC address.
    public let mac: MACAddress?

    /// A box as the table holds it.
    public init(
        id: EquipmentID, organisationID: OrganisationID, siteID: SiteID, name: String, profile: String,
        managementAddress: IPAddress? = nil, mac: MACAddress? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.siteID = siteID
        self.name = name
        self.profile = profile
        self.managementAddress = managementAddress
        self.mac = mac
    }
}
