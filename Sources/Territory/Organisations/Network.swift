/// One SSID of a site.
public struct Network: Sendable, Hashable {
    /// How the radio link is protected.
    public enum Encryption: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing.
        case open
        /// Opportunistic wireless encryption (RFC 8110): open to all, yet encrypted.
        case owe
        /// A passphrase, WPA2.
        case wpa2PSK = "wpa2-psk"
        /// A passphrase, WPA3.
        case wpa3SAE = "wpa3-sae"
        /// 802.1X, WPA2.
        case wpa2Enterprise = "wpa2-enterprise"
        /// 802.1X, WPA3.
        case wpa3Enterprise = "wpa3-enterprise"
    }

    /// Its row.
    public let id: NetworkID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The site it is broadcast at.
    public let siteID: SiteID
    /// Its name within the site, such as `public`.
    public let name: String
    /// 1 … 32 octets (IEEE 802.11).
    public let ssid: String
    /// 1 … 4094; nil: untagged.
    public let vlan: Int?
    /// How the radio link is protected.
    public let encryption: Encryption
    /// How a visitor's login reaches the gateway.
    public let handoff: Handoff

    /// A network as the table holds it.
    public init(
        id: NetworkID, organisationID: OrganisationID, siteID: SiteID, name: String, ssid: String, vlan: Int? = nil,
        encryption: Encryption, handoff: Handoff
    ) {
        self.id = id
        self.organisationID = organisationID
        self.siteID = siteID
        self.name = name
        self.ssid = ssid
        self.vlan = vlan
        self.encryption = encryption
        self.handoff = handoff
    }
}

/// How the portal tells the gateway that a visitor may pass.
public enum Handoff: String, Sendable, Hashable, Codable, CaseIterable {
    /// The browser carries the credential back to the gateway (CoovaChilli, MikroTik).
    case uam
    /// openNDS forward authentication service.
    case openNDSFAS = "opennds-fas"
    /// The device is granted and the gateway is told to authenticate its MAC address again.
    case macCoA = "mac-coa"
    /// No portal: 802.1X, or a network for equipment.
    case none
}
