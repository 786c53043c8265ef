internal import Foundation
internal import Postgres
public import Territory

extension Sites {
    /// Makes a site from a release: its networks and the boxes it should have, and its NAS if one is given. All or
    /// nothing. Throws `.notFound`, `.duplicate` for a slug, source or identifier that is taken, `.invalid`.
    public func create(_ request: NewSite) async throws -> CreatedSite {
        try await client.transaction { transaction in
            let builder = try await SiteBuilder(
                transaction, keys: keys, organisation: request.organisation, release: request.release)
            let slug = try await builder.slug(request.slug, siteName: request.name)
            let site = try await builder.insertSite(
                release: request.release, slug: slug, name: request.name, timeZone: request.timeZone,
                coordinates: request.coordinates)
            let networks = try await builder.insert(builder.plannedNetworks(siteName: site.name), at: site)
            let drafts = builder.expectedEquipment()
            let equipment = try await builder.insert(drafts, at: site)
            var servers: [NAS] = []
            if let nas = request.nas {
                let gateway = drafts.first(where: \.isGateway)
                    .flatMap { draft in equipment.first { $0.name == draft.name } }
                servers.append(try await builder.insert(nas, at: site, networks: networks, equipment: gateway?.id))
            }
            return CreatedSite(site: site, networks: networks, equipment: equipment, servers: servers)
        }
    }

    /// Makes the same site for another commune: the same release, networks, boxes and NAS, with new secrets, without
    /// addresses, and without history. A network's SSID is written anew for the commune; one that the package does not
    /// know is kept as it is. Each NAS is known by its identifier, made of the new slug, until it is given a source.
    public func clone(
        _ source: SiteID, for organisation: OrganisationID, name: String? = nil, slug wanted: Slug? = nil
    ) async throws -> CreatedSite {
        try await client.transaction { transaction in
            let rows = try await transaction.query(
                "SELECT \(SQL.siteColumns) FROM territory.site AS s WHERE s.id = \(source) FOR SHARE")
            guard let original = try rows.first.map(Self.site) else { throw StoreError(.notFound, "site \(source)") }
            let builder = try await SiteBuilder(
                transaction, keys: keys, organisation: organisation, release: original.packageReleaseID)
            let siteName = name ?? original.name
            let slug = try await builder.slug(wanted, siteName: siteName)
            let site = try await builder.insertSite(
                release: original.packageReleaseID, slug: slug, name: siteName,
                timeZone: original.timeZone.identifier, coordinates: nil)
            let copier = SiteCopier(builder: builder, source: source)
            let networks = try await builder.insert(copier.networks(siteName: siteName), at: site)
            let equipment = try await builder.insert(copier.equipment(), at: site)
            let servers = try await copier.copyServers(to: site, networks: networks, equipment: equipment)
            return CreatedSite(site: site, networks: networks, equipment: equipment, servers: servers)
        }
    }

    /// Closes a site: logins are refused from then on, and its live sessions are disconnected by way of the outbox.
    /// Returns how many sessions, or nil when the site is not there or closed already. Safe to repeat.
    public func close(_ id: SiteID) async throws -> Int? {
        let rows = try await client.write(
            """
            WITH closed AS (
                UPDATE territory.site SET status = 'closed' WHERE id = \(id) AND status = 'open' RETURNING id
            ), ordered AS (
                INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, reason)
                SELECT s.organisation_id, 'disconnect', s.nas_id, s.session_id, 'site-closed' FROM access.live_session AS s
                WHERE s.site_id IN (SELECT id FROM closed) AND s.stopped_at IS NULL
                    AND EXISTS (SELECT FROM territory.nas AS n WHERE n.id = s.nas_id)
                ON CONFLICT DO NOTHING
                RETURNING id
            )
            SELECT (SELECT count(*) FROM ordered) FROM closed
            """, repeatable: true)
        return try rows.first?.decode(Int.self, column: 0)
    }

    /// Opens a closed site again. False when it is not there or open already.
    @discardableResult
    public func reopen(_ id: SiteID) async throws -> Bool {
        try await client.write(
            "UPDATE territory.site SET status = 'open' WHERE id = \(id) AND status = 'closed'", repeatable: true
        ).affected > 0
    }
}
