public import Foundation
public import Postgres
public import Territory

/// What openNDS gateways are told and have not reported the end of. Every call but the first acts for one organisation.
public struct Handoffs: Sendable {
    /// Rows that one call reads at most.
    public static let batch = 200

    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = """
        id, session_id, organisation_id, site_id, nas_id, login_grant_id, gateway_hash, token, parameters, fetched,
        device::text, host(address), host(visitor_address), created_at, acknowledged_at, ends_at, closed_at
        """

    /// Whose gateway calls itself by this digest; nil when no visitor was handed to one of late.
    public func gateway(
        hash: [UInt8]
    ) async throws -> (organisation: OrganisationID, site: SiteID, nas: NASID)? {
        let rows = try await client.query(
            "SELECT organisation_id, site_id, nas_id FROM access.gateway_of_hash(\(hash))")
        return try rows.first.map { row in
            let (organisation, site, nas) = try row.decode(OrganisationID.self, SiteID.self, NASID.self)
            return (organisation, site, nas)
        }
    }

    /// Hands a visitor over. What the same device has waiting at the same gateway is given up: a second tap on the
    /// button replaces the first. Safe to repeat for one `session`.
    public func create(_ draft: PortalHandoff.Draft, session: UUID, now: Date) async throws -> PortalHandoff {
        let rows = try await client.write(
            """
            WITH earlier AS (
                UPDATE access.portal_handoff SET closed_at = \(now)
                WHERE gateway_hash = \(draft.gatewayHash) AND token = \(draft.token) AND closed_at IS NULL
                    AND acknowledged_at IS NULL AND session_id <> \(session)
            )
            INSERT INTO access.portal_handoff (organisation_id, site_id, nas_id, login_grant_id, session_id, gateway_hash,
                token, parameters, fetched, device, address, visitor_address, created_at, ends_at)
            VALUES (\(draft.organisationID), \(draft.siteID), \(draft.nasID), \(draft.grantID), \(session),
                \(draft.gatewayHash), \(draft.token), \(draft.parameters), \(draft.isFetched),
                \(draft.device?.description)::text::macaddr, \(draft.address?.description)::text::inet,
                \(draft.visitorAddress?.description)::text::inet, \(now), \(draft.endsAt))
            ON CONFLICT (session_id) DO NOTHING
            RETURNING \(Self.columns)
            """, settings: [.organisation(draft.organisationID)], repeatable: true)
        if let row = rows.first { return try Self.handoff(row) }
        guard let made = try await find(session: session, of: draft.organisationID) else {
            throw StoreError(.notFound, "handoff")
        }
        return made
    }

    /// One handoff by its row, or nil.
    public func find(_ id: Int64, of organisation: OrganisationID) async throws -> PortalHandoff? {
        try await select("id = \(id)", of: organisation).first
    }

    /// One handoff by the session it becomes, or nil.
    public func find(session: UUID, of organisation: OrganisationID) async throws -> PortalHandoff? {
        try await select("session_id = \(session)", of: organisation).first
    }

    /// What a gateway is to let through: handed over since `since`, neither acknowledged nor closed. Those it was offered
    /// longest ago come first, so that one it cannot use does not stand before the others.
    public func waiting(
        gatewayHash: [UInt8], of organisation: OrganisationID, since: Date
    ) async throws -> [PortalHandoff] {
        try await select(
            """
            gateway_hash = \(gatewayHash) AND closed_at IS NULL AND acknowledged_at IS NULL AND fetched
                AND created_at > \(since) ORDER BY offered_at NULLS FIRST, id
            """, of: organisation)
    }

    /// Those of `tokens` that the gateway let through and that are not closed, whether or not it said so before.
    public func named(
        tokens: [String], gatewayHash: [UInt8], of organisation: OrganisationID
    ) async throws -> [PortalHandoff] {
        try await select(
            "gateway_hash = \(gatewayHash) AND token = ANY(\(tokens)) AND closed_at IS NULL ORDER BY id",
            of: organisation)
    }

    /// The open handoffs of a gateway that it acknowledged, newest first.
    public func running(gatewayHash: [UInt8], of organisation: OrganisationID) async throws -> [PortalHandoff] {
        try await select(
            "gateway_hash = \(gatewayHash) AND closed_at IS NULL AND acknowledged_at IS NOT NULL ORDER BY id DESC",
            of: organisation)
    }

    /// The handoffs of an organisation whose allowance ended before `instant` and that nobody closed, oldest first.
    public func overdue(of organisation: OrganisationID, at instant: Date) async throws -> [PortalHandoff] {
        try await select("closed_at IS NULL AND ends_at < \(instant) ORDER BY id", of: organisation)
    }

    /// The handoffs of an organisation that gateways acknowledged and whose allowance goes on at `instant`.
    public func open(of organisation: OrganisationID, at instant: Date) async throws -> [PortalHandoff] {
        try await select(
            "closed_at IS NULL AND acknowledged_at IS NOT NULL AND ends_at >= \(instant) ORDER BY id",
            of: organisation)
    }

    /// The handoffs of an organisation that a browser was to carry to its gateway before `instant` and did not come back
    /// from, oldest first.
    public func unanswered(of organisation: OrganisationID, before instant: Date) async throws -> [PortalHandoff] {
        try await select(
            "NOT fetched AND closed_at IS NULL AND acknowledged_at IS NULL AND created_at < \(instant) ORDER BY id",
            of: organisation)
    }

    /// Remembers that the gateway was given these. Safe to repeat.
    public func markOffered(_ ids: [Int64], of organisation: OrganisationID, at instant: Date) async throws {
        try await mark("offered_at = \(instant)", ids, "true", of: organisation)
    }

    /// Remembers that the gateway let these through; the first time counts. Safe to repeat.
    public func markAcknowledged(_ ids: [Int64], of organisation: OrganisationID, at instant: Date) async throws {
        try await mark("acknowledged_at = \(instant)", ids, "acknowledged_at IS NULL", of: organisation)
    }

    /// Closes these. Safe to repeat.
    public func close(_ ids: [Int64], of organisation: OrganisationID, at instant: Date) async throws {
        try await mark("closed_at = \(instant)", ids, "closed_at IS NULL", of: organisation)
    }

    /// Forgets what was closed before `instant`: the session row is the record, this was the way to it.
    public func forget(closedBefore instant: Date, of organisation: OrganisationID) async throws {
        _ = try await client.write(
            "DELETE FROM access.portal_handoff WHERE closed_at < \(instant)",
            settings: [.organisation(organisation)], repeatable: true)
    }

    private func mark(_ change: SQL, _ ids: [Int64], _ condition: SQL, of organisation: OrganisationID) async throws {
        guard !ids.isEmpty else { return }
        _ = try await client.write(
            "UPDATE access.portal_handoff SET \(change) WHERE id = ANY(\(ids)) AND \(condition)",
            settings: [.organisation(organisation)], repeatable: true)
    }

    private func select(_ condition: SQL, of organisation: OrganisationID) async throws -> [PortalHandoff] {
        try await client.query(
            "SELECT \(Self.columns) FROM access.portal_handoff WHERE \(condition) LIMIT \(Self.batch)",
            settings: [.organisation(organisation)]
        ).map(Self.handoff)
    }

    private static func handoff(_ row: Row) throws -> PortalHandoff {
        var columns = ColumnReader(row)
        let (id, session) = (try columns.next(Int64.self), try columns.next(UUID.self))
        var draft = PortalHandoff.Draft(
            organisationID: try columns.next(), siteID: try columns.next(), nasID: try columns.next(),
            grantID: try columns.next(), gatewayHash: try columns.next(), token: try columns.next(),
            parameters: try columns.next(), isFetched: try columns.next(), device: try columns.nextMAC(),
            address: try columns.nextAddress(), visitorAddress: try columns.nextAddress(), endsAt: .distantPast)
        let (createdAt, acknowledgedAt) = (try columns.next(Date.self), try columns.next(Date?.self))
        draft.endsAt = try columns.next()
        return PortalHandoff(
            id: id, sessionID: session, draft: draft, createdAt: createdAt, acknowledgedAt: acknowledgedAt,
            closedAt: try columns.next())
    }
}
