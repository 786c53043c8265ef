public import Foundation
public import Postgres
public import Territory

/// Visitors let in by the portal. Every call acts for one organisation, as row-level security demands of the portal.
public struct Grants: Sendable {
    private let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys derive the passwords.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// Lets in a visitor who accepted the terms.
    public func issueClickThrough(
        site: SiteID, of organisation: OrganisationID, device: MACAddress?, now: Date, expiresAt: Date
    ) async throws -> IssuedGrant {
        try await issue(
            .clickThrough, site: site, organisation: organisation, account: nil, device: device, now: now,
            expiresAt: expiresAt)
    }

    /// Lets in a visitor whose account's password was verified.
    public func issue(
        account: AccountID, site: SiteID, of organisation: OrganisationID, device: MACAddress?, now: Date,
        expiresAt: Date
    ) async throws -> IssuedGrant {
        try await issue(
            .account, site: site, organisation: organisation, account: account, device: device, now: now,
            expiresAt: expiresAt)
    }

    private func issue(
        _ method: LoginGrant.Method, site: SiteID, organisation: OrganisationID, account: AccountID?,
        device: MACAddress?, now: Date, expiresAt: Date
    ) async throws -> IssuedGrant {
        // Not repeatable as such, but a login that nobody was told of is harmless: a second one is made with it.
        let rows = try await client.write(
            Self.insertion(
                method, site: site, organisation: organisation, account: account, device: device, now: now,
                expiresAt: expiresAt),
            settings: [.organisation(organisation)], repeatable: false)
        return try issued(rows)
    }

    static func insertion(
        _ method: LoginGrant.Method, site: SiteID, organisation: OrganisationID, voucher: VoucherID? = nil,
        account: AccountID? = nil, device: MACAddress?, now: Date, expiresAt: Date
    ) -> SQL {
        """
        INSERT INTO access.login_grant AS g (organisation_id, site_id, login, method, voucher_id, account_id, device,
            issued_at, expires_at)
        VALUES (\(organisation), \(site), \(GrantCredential.randomLogin()), \(method.rawValue), \(voucher), \(account),
            \(device?.description)::text::macaddr, \(now), \(expiresAt))
        RETURNING \(SQL.grantColumns)
        """
    }

    func issued(_ rows: Rows) throws -> IssuedGrant {
        guard let grant = try rows.first.map(Self.grant) ?? nil else { throw StoreError(.notFound, "grant") }
        return IssuedGrant(grant, credential: keys.grants)
    }

    static func grant(_ row: Row) throws -> LoginGrant? {
        var columns = ColumnReader(row)
        return try columns.nextGrant()
    }

    /// The grant of a login with its password, or nil.
    public func find(login: String, of organisation: OrganisationID) async throws -> IssuedGrant? {
        let rows = try await client.query(
            "SELECT \(SQL.grantColumns) FROM access.login_grant g WHERE g.login = \(login)",
            settings: [.organisation(organisation)])
        return rows.isEmpty ? nil : try issued(rows)
    }

    /// The grant that a device holds at a site and that ends last, or nil when none is in force.
    public func current(
        device: MACAddress, site: SiteID, of organisation: OrganisationID, now: Date
    ) async throws -> IssuedGrant? {
        let rows = try await client.query(
            """
            SELECT \(SQL.grantColumns) FROM access.login_grant g
            WHERE g.site_id = \(site) AND g.device = \(device.description)::text::macaddr AND g.revoked_at IS NULL
                AND g.expires_at > \(now)
            ORDER BY g.expires_at DESC LIMIT 1
            """, settings: [.organisation(organisation)])
        return rows.isEmpty ? nil : try issued(rows)
    }

    /// Takes a grant back. Its live sessions are the caller's to disconnect (``Outbox``). False when there is none, or
    /// it was taken back before. Safe to repeat.
    @discardableResult
    public func revoke(_ id: LoginGrantID, of organisation: OrganisationID, at instant: Date) async throws -> Bool {
        try await client.write(
            "UPDATE access.login_grant SET revoked_at = \(instant) WHERE id = \(id) AND revoked_at IS NULL",
            settings: [.organisation(organisation)], repeatable: true
        ).affected > 0
    }

    /// Moves a grant's end, forwards or backwards. False when there is none or it was taken back. Safe to repeat.
    @discardableResult
    public func expire(_ id: LoginGrantID, of organisation: OrganisationID, at instant: Date) async throws -> Bool {
        try await client.write(
            "UPDATE access.login_grant SET expires_at = \(instant) WHERE id = \(id) AND revoked_at IS NULL",
            settings: [.organisation(organisation)], repeatable: true
        ).affected > 0
    }
}
