public import Foundation
public import Postgres
public import Territory

/// The network access servers of the installation, with their secrets opened. For the access daemon and the owner; the
/// portal, which may not read RADIUS secrets, has ``Gateway``.
public struct NASDirectory: Sendable {
    private let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys open and seal the secrets.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    static let columns: SQL = """
        id, organisation_id, site_id, equipment_id, name, profile, source::text, identifier, secret, message_authenticator,
        message_authenticator_seen_at, host(coa_address), coa_port, coa_secret, portal_key,
        certificate_name
        """

    /// Every NAS, and the ids of those whose secrets do not open under our key: those cannot be served, the others can.
    public func all() async throws -> (servers: [NAS], unreadable: [NASID]) {
        try sort(await client.query("SELECT \(Self.columns) FROM territory.nas ORDER BY id"))
    }

    /// The NAS of one site, by name.
    public func list(site: SiteID) async throws -> (servers: [NAS], unreadable: [NASID]) {
        try sort(await client.query("SELECT \(Self.columns) FROM territory.nas WHERE site_id = \(site) ORDER BY name"))
    }

    /// One NAS, or nil. Throws `.secretUnreadable` when its secrets do not open under our key.
    public func find(_ id: NASID) async throws -> NAS? {
        try await client.query("SELECT \(Self.columns) FROM territory.nas WHERE id = \(id)").first.map(server)
    }

    /// Declares a NAS at a site. Throws `.notFound` for a site that is not there, `.duplicate` when its source, its
    /// identifier, its certificate's name or its name at that site is taken, `.invalid` when none of those three is given.
    public func add(_ request: NewNAS, to site: SiteID) async throws -> NAS {
        try await client.transaction { transaction in
            try await Self.insert(request, site: site, keys: keys, in: transaction)
        }
    }

    /// Sets or takes away the name of the certificate that a NAS shows over TLS. Throws `.notFound` for a NAS that is not
    /// there, `.duplicate` when another has this name, `.invalid` when nothing would be left to recognise it by.
    public func setCertificateName(_ name: String?, of id: NASID) async throws {
        do {
            let changed = try await client.write(
                "UPDATE territory.nas SET certificate_name = \(name?.lowercased()) WHERE id = \(id)", repeatable: true)
            guard changed.affected > 0 else { throw StoreError(.notFound, "NAS \(id)") }
        } catch let error as PostgresError where error.sqlState == SQLState.uniqueViolation {
            throw StoreError(.duplicate, "a NAS with this certificate name")
        } catch let error as PostgresError where error.sqlState == SQLState.checkViolation {
            throw StoreError(.invalid, "a NAS needs a source, an identifier or a certificate name")
        }
    }

    /// Remembers that a NAS sends Message-Authenticator; the first time counts. Safe to repeat.
    public func markMessageAuthenticatorSeen(_ id: NASID, at instant: Date) async throws {
        _ = try await client.write(
            """
            UPDATE territory.nas SET message_authenticator_seen_at = \(instant)
            WHERE id = \(id) AND message_authenticator_seen_at IS NULL
            """, repeatable: true)
    }

    private func sort(_ rows: Rows) throws -> (servers: [NAS], unreadable: [NASID]) {
        var (servers, unreadable): ([NAS], [NASID]) = ([], [])
        for row in rows {
            do {
                servers.append(try server(row))
            } catch let error as StoreError where error.code == .secretUnreadable {
                unreadable.append(try row.decode(NASID.self, column: 0))
            }
        }
        return (servers, unreadable)
    }

    private func server(_ row: Row) throws -> NAS {
        try Self.server(row, keys: keys)
    }
}
