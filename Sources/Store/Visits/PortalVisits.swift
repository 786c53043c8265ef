public import Foundation
public import Postgres
public import Territory

/// What a portal page tells a visitor of a grant and of the session it made. Acts for one organisation.
public struct PortalVisits: Sendable {
    /// A grant with what stands behind it.
    public struct Held: Sendable, Hashable {
        /// The grant.
        public let grant: LoginGrant
        /// The voucher it was made for; nil: none.
        public let voucher: Voucher?

        /// What the rules decide about.
        public var subject: Subject { Subject(grant, voucher: voucher) }
    }

    private let client: PostgresClient
    private let settings: [Setting]

    /// Through this client, for one organisation.
    public init(_ client: PostgresClient, of organisation: OrganisationID) {
        (self.client, settings) = (client, [.organisation(organisation)])
    }

    /// The grant of a row and its voucher, or nil.
    public func find(_ id: LoginGrantID) async throws -> Held? { try await find("g.id = \(id)") }

    /// The grant of a login and its voucher, or nil.
    public func find(login: String) async throws -> Held? { try await find("g.login = \(login)") }

    /// The grant in force that a device holds at a site and that ends last, with its voucher; nil when there is none.
    public func find(device: MACAddress, at site: SiteID, now: Date) async throws -> Held? {
        try await find(
            """
            g.site_id = \(site) AND g.device = \(device.description)::text::macaddr AND g.revoked_at IS NULL
            AND g.expires_at > \(now)
            """)
    }

    /// The click-through grant of a device at a site that is in force, or was issued since `instant` and taken back by
    /// nobody: a device keeps one for the day, or logging in again would begin its quota again.
    public func clickThrough(
        device: MACAddress, at site: SiteID, issuedSince instant: Date, now: Date
    ) async throws -> Held? {
        try await find(
            """
            g.site_id = \(site) AND g.device = \(device.description)::text::macaddr AND g.revoked_at IS NULL
            AND g.method = \(LoginGrant.Method.clickThrough.rawValue) 
            AND (g.issued_at >= \(instant) OR g.expires_at > \(now))
            """)
    }

    /// The session that goes on at this address behind one of these gateways, the newest of several; nil when there is
    /// none.
    public func session(at address: IPAddress, behind gateways: [NASID]) async throws -> SessionRow? {
        guard !gateways.isEmpty else { return nil }
        return try await client.query(
            """
            SELECT \(SQL.sessionColumns) FROM access.live_session AS s
            WHERE s.nas_id = ANY(\(gateways)) AND s.stopped_at IS NULL
                AND s.framed_address = \(address.description)::text::inet
            ORDER BY s.started_at DESC LIMIT 1
            """, settings: settings
        ).first.map(SessionStore.session)
    }

    private func find(_ condition: SQL) async throws -> Held? {
        let rows = try await client.query(
            """
            SELECT \(SQL.grantColumns), \(SQL.voucherColumns)
            FROM access.login_grant AS g LEFT JOIN access.voucher AS v ON v.id = g.voucher_id
            WHERE \(condition) ORDER BY g.expires_at DESC LIMIT 1
            """, settings: settings)
        guard let row = rows.first else { return nil }
        var columns = ColumnReader(row)
        guard let grant = try columns.nextGrant() else { return nil }
        return Held(grant: grant, voucher: try columns.nextVoucher())
    }
}
