public import Foundation
public import Territory

/// A voucher, or each voucher of a batch, to be made.
public struct NewVoucher: Sendable {
    /// Whose it is.
    public var organisation: OrganisationID
    /// Where it works; nil: every site of the organisation.
    public var site: SiteID?
    /// What the desk writes on it; no person's name belongs here.
    public var label: String
    /// What differs from the site's package.
    public var rights: RightsOverride?
    /// How many devices may use it at once, 1 … 1,000.
    public var devices: Int
    /// Not before.
    public var validFrom: Date
    /// Not from then on.
    public var validUntil: Date
    /// The group of the site's package that its visitors are in; nil: none.
    public var group: String?

    /// A voucher with these bounds.
    public init(
        organisation: OrganisationID, site: SiteID? = nil, label: String = "", rights: RightsOverride? = nil,
        devices: Int = 1, validFrom: Date, validUntil: Date, group: String? = nil
    ) {
        (self.organisation, self.site, self.label, self.rights) = (organisation, site, label, rights)
        (self.devices, self.validFrom, self.validUntil, self.group) = (devices, validFrom, validUntil, group)
    }
}

/// A voucher just made, with the code that is shown once and stored nowhere.
public struct CreatedVoucher: Sendable, Hashable {
    /// Its row.
    public let id: VoucherID
    /// What the visitor will type.
    public let code: VoucherCode
}
