public import Foundation

/// A WPA key of one device, or of all devices of a household (what vendors call DPSK, iPSK, MPSK or private PSK): the
/// access point asks for it by the device's address.
public struct WiFiKey: Sendable, Hashable {
    /// Its row.
    public let id: WiFiKeyID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// Where it works; nil: every site of the organisation.
    public let siteID: SiteID?
    /// The household; what its devices use counts for it.
    public let accountID: AccountID
    /// The device; nil: every device that holds a grant of the account.
    public let device: MACAddress?
    /// The group of the site's package that its devices are in; nil: the account's.
    public let group: String?
    /// When it was made.
    public let createdAt: Date
    /// When somebody took it back.
    public let revokedAt: Date?

    /// A key as the table holds it, the key itself left out.
    public init(
        id: WiFiKeyID, organisationID: OrganisationID, siteID: SiteID? = nil, accountID: AccountID,
        device: MACAddress? = nil, group: String? = nil, createdAt: Date, revokedAt: Date? = nil
    ) {
        (self.id, self.organisationID, self.siteID, self.accountID) = (id, organisationID, siteID, accountID)
        (self.device, self.group, self.createdAt, self.revokedAt) = (device, group, createdAt, revokedAt)
    }

    /// Lengths of a passphrase, in characters of ASCII (IEEE 802.11-2020 annex J.4.1).
    public static let passphraseLength = 8...63

    /// The passphrase as a secret; nil unless it has 8 to 63 printable characters of ASCII.
    public static func passphrase(_ text: String) -> Secret? {
        guard passphraseLength.contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return nil
        }
        return Secret(text: text)
    }
}
