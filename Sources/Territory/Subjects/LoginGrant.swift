public import Foundation

/// A visitor let in by the portal: a random RADIUS login, its password derived from it under the installation's key.
public struct LoginGrant: Sendable, Hashable {
    /// What the visitor did on the portal.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// Accepted the terms.
        case clickThrough = "click-through"
        /// Typed a voucher's code.
        case voucher
        /// Typed a login and a password.
        case account
    }

    /// Its row.
    public let id: LoginGrantID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The only site it works at.
    public let siteID: SiteID
    /// `g.` and twenty characters.
    public let login: String
    /// What the visitor did on the portal.
    public let method: Method
    /// The voucher it was made for.
    public let voucherID: VoucherID?
    /// The account it was made for.
    public let accountID: AccountID?
    /// The device it was made on, where the gateway said.
    public let device: MACAddress?
    /// When it was made.
    public let issuedAt: Date
    /// Not from then on.
    public let expiresAt: Date
    /// When somebody took it back.
    public let revokedAt: Date?

    /// A grant as the table holds it.
    public init(
        id: LoginGrantID, organisationID: OrganisationID, siteID: SiteID, login: String, method: Method,
        voucherID: VoucherID? = nil, accountID: AccountID? = nil, device: MACAddress? = nil, issuedAt: Date,
        expiresAt: Date, revokedAt: Date? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.siteID = siteID
        self.login = login
        self.method = method
        self.voucherID = voucherID
        self.accountID = accountID
        self.device = device
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Whose usage its sessions count against: the voucher or account behind it, so that a quota is not multiplied by
    /// logging in again or on another device; the grant itself where there is none.
    public var usageSubject: SubjectReference {
        if let voucherID { return .voucher(voucherID) }
        if let accountID { return .account(accountID) }
        return .loginGrant(id)
    }
}
