public import Foundation
public import Postgres
public import Territory

/// WPA keys of households and devices. For the owner: no daemon makes keys, and the access daemon reads them in
/// ``LoginLookup``.
public struct WiFiKeys: Sendable {
    private let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys seal the passphrases.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    private static let columns: SQL = """
        id, organisation_id, site_id, account_id, device::text, group_name, created_at, revoked_at
        """

    /// Makes a key. The account's devices are let in with it within a second.
    ///
    /// Throws `.notFound` for an account that is not the organisation's, `.duplicate` where the device, or the household,
    /// has a key there already, `.invalid` for what is no passphrase or no name of a group.
    public func create(_ request: NewWiFiKey, of organisation: OrganisationID) async throws -> CreatedWiFiKey {
        let passphrase = request.passphrase ?? Self.randomPassphrase()
        guard passphrase.text.flatMap({ WiFiKey.passphrase($0) }) != nil else {
            throw StoreError(.invalid, "a WPA key has 8 to 63 characters of ASCII")
        }
        if let group = request.group, Slug(rawValue: group) == nil { throw StoreError(.invalid, "the name of a group") }
        do {
            return try await client.transaction(settings: [.organisation(organisation)]) { transaction in
                // A key is sealed to its row, so the row's id has to be known before it exists.
                let ids = try await transaction.query(
                    """
                    SELECT nextval(pg_get_serial_sequence('access.wifi_key', 'id')) FROM identity.account
                    WHERE id = \(request.account) AND organisation_id = \(organisation)
                    """)
                guard let id = try ids.first?.decode(WiFiKeyID.self) else { throw StoreError(.notFound, "account") }
                let sealed = try keys.secrets.seal(passphrase.bytes, at: .wifiKey(id))
                let rows = try await transaction.query(
                    """
                    INSERT INTO access.wifi_key (id, organisation_id, site_id, account_id, device, group_name, psk)
                    OVERRIDING SYSTEM VALUE
                    VALUES (\(id), \(organisation), \(request.site), \(request.account),
                        \(request.device?.description)::text::macaddr, \(request.group), \(sealed))
                    RETURNING \(Self.columns)
                    """)
                guard let row = rows.first else { throw StoreError(.notFound, "account") }
                return CreatedWiFiKey(key: try Self.key(row), passphrase: passphrase)
            }
        } catch let error as PostgresError where error.sqlState == SQLState.uniqueViolation {
            throw StoreError(.duplicate, "a WPA key of this device or household")
        }
    }

    /// The keys of an account, those taken back too, in the order they were made.
    public func list(account: AccountID, of organisation: OrganisationID) async throws -> [WiFiKey] {
        try await list("account_id = \(account)", of: organisation)
    }

    /// The keys of all households that work, in the order they were made, at most `limit`.
    public func list(of organisation: OrganisationID, limit: Int = 1_000) async throws -> [WiFiKey] {
        try await list("revoked_at IS NULL", of: organisation, limit: limit)
    }

    /// A key, whether it works or not; nil: there is none.
    public func find(_ id: WiFiKeyID) async throws -> WiFiKey? {
        try await client.query("SELECT \(Self.columns) FROM access.wifi_key WHERE id = \(id)").first.map(Self.key)
    }

    private func list(_ condition: SQL, of organisation: OrganisationID, limit: Int = 1_000) async throws -> [WiFiKey] {
        try await client.query(
            """
            SELECT \(Self.columns) FROM access.wifi_key WHERE organisation_id = \(organisation) AND \(condition)
            ORDER BY id LIMIT \(Int64(limit))
            """, settings: [.organisation(organisation)]
        ).map(Self.key)
    }

    /// The passphrase of a key, or nil when there is none. Throws `.secretUnreadable`.
    public func passphrase(_ id: WiFiKeyID, of organisation: OrganisationID) async throws -> Secret? {
        let rows = try await client.query(
            "SELECT psk FROM access.wifi_key WHERE id = \(id) AND organisation_id = \(organisation)",
            settings: [.organisation(organisation)])
        guard let sealed = try rows.first?.decode([UInt8].self) else { return nil }
        return Secret(try keys.secrets.open(sealed, at: .wifiKey(id)))
    }

    /// Takes a key back: it lets nobody in within a second, and by way of the outbox the live sessions of its device, or
    /// of its household, end; who has another right comes back with that. Returns how many; nil when there is no such key
    /// or it was taken back before. Safe to repeat.
    @discardableResult
    public func revoke(_ id: WiFiKeyID, of organisation: OrganisationID, at instant: Date) async throws -> Int? {
        let left = SQL.disconnects(
            of: "SELECT account_id, site_id, device FROM revoked", reason: RefusalReason.revoked.rawValue)
        let rows = try await client.write(
            """
            WITH revoked AS (
                UPDATE access.wifi_key SET revoked_at = \(instant)
                WHERE id = \(id) AND organisation_id = \(organisation) AND revoked_at IS NULL
                RETURNING account_id, site_id, device
            ), left_behind AS (\(left))
            SELECT (SELECT count(*) FROM revoked), (SELECT count(*) FROM left_behind)
            """, settings: [.organisation(organisation)], repeatable: true)
        guard let (keys, sessions) = try rows.first?.decode(Int.self, Int.self), keys > 0 else { return nil }
        return sessions
    }

    /// Two voucher codes' worth of characters, so 98 bits: such a key can be attacked without asking us, once somebody has
    /// heard a device join.
    private static func randomPassphrase() -> Secret {
        Secret(text: VoucherCode.random().display + "-" + VoucherCode.random().display)
    }

    private static func key(_ row: Row) throws -> WiFiKey {
        var columns = ColumnReader(row)
        return WiFiKey(
            id: try columns.next(), organisationID: try columns.next(), siteID: try columns.next(),
            accountID: try columns.next(), device: try columns.nextMAC(), group: try columns.next(),
            createdAt: try columns.next(), revokedAt: try columns.next())
    }
}

extension SecretBox.Place {
    /// The sealed column of `access.wifi_key`.
    static func wifiKey(_ id: WiFiKeyID) -> Self {
        SecretBox.Place(table: "access.wifi_key", column: "psk", row: id.rawValue)
    }
}
