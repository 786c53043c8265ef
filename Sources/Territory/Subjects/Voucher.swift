public import Foundation

/// A code handed out at the desk. The code itself is nowhere: the store finds the row by a keyed digest.
public struct Voucher: Sendable, Hashable {
    /// Its row.
    public let id: VoucherID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// Where it works; nil: every site of the organisation.
    public let siteID: SiteID?
    /// What the desk wrote on it, such as `mariage du 12`.
    public let label: String
    /// What differs from the site's package.
    public let rights: RightsOverride?
    /// How many devices may use it at once, 1 … 1,000.
    public let devices: Int
    /// Not before.
    public let validFrom: Date
    /// Not from then on.
    public let validUntil: Date
    /// When somebody took it back.
    public let revokedAt: Date?
    /// The group of the site's package that who uses it is in; nil: none.
    public let group: String?

    /// A voucher as the table holds it.
    public init(
        id: VoucherID, organisationID: OrganisationID, siteID: SiteID? = nil, label: String = "",
        rights: RightsOverride? = nil, devices: Int = 1, validFrom: Date, validUntil: Date, revokedAt: Date? = nil,
        group: String? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.siteID = siteID
        self.label = label
        self.rights = rights
        self.devices = devices
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.revokedAt = revokedAt
        self.group = group
    }
}
