internal import Foundation
internal import Postgres
internal import Territory

extension SQL {
    /// The columns that ``ColumnReader/nextGrant()`` reads, of `access.login_grant AS g`.
    static let grantColumns: SQL = """
        g.id, g.organisation_id, g.site_id, g.login, g.method, g.voucher_id, g.account_id, g.device::text, g.issued_at,
        g.expires_at, g.revoked_at
        """
    /// The columns that ``ColumnReader/nextVoucher()`` reads, of `access.voucher AS v`.
    static let voucherColumns: SQL = """
        v.id, v.organisation_id, v.site_id, v.label, v.rights::text, v.devices, v.valid_from, v.valid_until, v.revoked_at,
        v.group_name
        """
    /// The columns that ``ColumnReader/nextAccount()`` reads, of `identity.account AS a`.
    static let accountColumns: SQL = """
        a.id, a.organisation_id, a.login, a.password_hash, a.rights::text, a.closed_at, a.group_name
        """
}

extension ColumnReader {
    /// Reads ``Postgres/SQL/grantColumns``; nil when an outer join found none.
    mutating func nextGrant() throws -> LoginGrant? {
        guard let id = try next(LoginGrantID?.self) else {
            skip(10)
            return nil
        }
        return LoginGrant(
            id: id, organisationID: try next(), siteID: try next(), login: try next(), method: try nextCase(),
            voucherID: try next(), accountID: try next(), device: try nextMAC(), issuedAt: try next(),
            expiresAt: try next(), revokedAt: try next())
    }

    /// Reads ``Postgres/SQL/voucherColumns``; nil when an outer join found none.
    mutating func nextVoucher() throws -> Voucher? {
        guard let id = try next(VoucherID?.self) else {
            skip(9)
            return nil
        }
        return Voucher(
            id: id, organisationID: try next(), siteID: try next(), label: try next(), rights: try nextRights(),
            devices: try next(), validFrom: try next(), validUntil: try next(), revokedAt: try next(),
            group: try next())
    }

    /// Reads ``Postgres/SQL/accountColumns``; nil when an outer join found none.
    mutating func nextAccount() throws -> Account? {
        guard let id = try next(AccountID?.self) else {
            skip(6)
            return nil
        }
        return Account(
            id: id, organisationID: try next(), login: try next(), passwordHash: Secret(text: try next()),
            rights: try nextRights(), closedAt: try next(), group: try next())
    }

    private mutating func nextRights() throws -> RightsOverride? {
        guard let json = try next(String?.self) else { return nil }
        return try RightsOverride(json: json)
    }
}
