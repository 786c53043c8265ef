public import Foundation

/// What lets a visitor in, as far as the rules care: where it works, between when, and what differs from the package.
public struct Subject: Sendable, Hashable {
    /// Whose usage it is.
    public let reference: SubjectReference
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The only site it works at; nil: every site of the organisation.
    public let siteID: SiteID?
    /// Not before.
    public let validFrom: Date?
    /// Not from then on.
    public var validUntil: Date?
    /// When somebody took it back.
    public let revokedAt: Date?
    /// When the account was closed.
    public let closedAt: Date?
    /// What differs from the site's package.
    public var rights: RightsOverride? { ownRights?.rights }
    /// Behind a reference, because most subjects have the rights of many others: see ``RightsPool``.
    var ownRights: SharedRights?
    /// The group of the site's package that it is in; nil: none.
    public var group: String?
    /// The WPA key of the device that asks; nil: it has none of its own.
    public var psk: Secret?

    /// A subject with these bounds.
    public init(
        reference: SubjectReference, organisationID: OrganisationID, siteID: SiteID? = nil, validFrom: Date? = nil,
        validUntil: Date? = nil, revokedAt: Date? = nil, closedAt: Date? = nil, rights: RightsOverride? = nil,
        group: String? = nil, psk: Secret? = nil
    ) {
        self.reference = reference
        self.organisationID = organisationID
        self.siteID = siteID
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.revokedAt = revokedAt
        self.closedAt = closedAt
        ownRights = rights.map(SharedRights.init)
        (self.group, self.psk) = (group, psk)
    }

    /// A voucher used directly. Its own number of devices replaces the package's.
    public init(_ voucher: Voucher) {
        var rights = voucher.rights ?? RightsOverride()
        rights.devices = .limited(voucher.devices)
        self.init(
            reference: .voucher(voucher.id), organisationID: voucher.organisationID, siteID: voucher.siteID,
            validFrom: voucher.validFrom, validUntil: voucher.validUntil, revokedAt: voucher.revokedAt, rights: rights,
            group: voucher.group)
    }

    /// An account used directly.
    public init(_ account: Account) {
        self.init(
            reference: .account(account.id), organisationID: account.organisationID, closedAt: account.closedAt,
            rights: account.rights, group: account.group)
    }

    /// A grant and what stands behind it: the tighter of both bounds holds, so that a voucher taken back, or an account
    /// closed, ends every grant made for it.
    public init(_ grant: LoginGrant, voucher: Voucher? = nil, account: Account? = nil) {
        let behind = voucher.map { Subject($0) } ?? account.map { Subject($0) }
        self.init(
            reference: grant.usageSubject, organisationID: grant.organisationID, siteID: grant.siteID,
            validFrom: behind?.validFrom,
            validUntil: min(grant.expiresAt, behind?.validUntil ?? .distantFuture),
            revokedAt: [grant.revokedAt, behind?.revokedAt].compactMap(\.self).min(),
            closedAt: behind?.closedAt, rights: behind?.rights, group: behind?.group)
    }
}
