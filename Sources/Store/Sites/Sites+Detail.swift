internal import Postgres
public import Territory

extension Sites {
    /// Everything about the site of a slug that a portal page needs, in one statement; nil when there is none.
    public func detail(slug: Slug) async throws -> SiteDetail? {
        let rows = try await client.query(Self.statement(slug))
        guard let first = rows.first else { return nil }
        var columns = ColumnReader(first)
        _ = try columns.next(Int32.self)
        let site = try columns.nextSite()
        let organisation = Organisation(
            id: site.organisationID, parentID: try columns.next(), kind: try columns.nextCase(),
            name: try columns.next(),
            codeINSEE: try columns.next(), coordinates: try columns.nextCoordinates())
        let package = try SitePackage(document: try columns.next())
        var (networks, gateways): ([Network], [Gateway]) = ([], [])
        for row in rows {
            var columns = ColumnReader(row)
            let kind = try columns.next(Int32.self)
            columns.skip(Self.sharedColumns)
            if kind == 1 { networks.append(try columns.nextNetwork()) }
            columns.skip(kind == 1 ? 0 : Self.networkColumns)
            if kind == 2 { gateways.append(try columns.nextGateway(opening: keys.secrets)) }
        }
        return SiteDetail(
            site: site, organisation: organisation, package: package, networks: networks, gateways: gateways)
    }

    private static let sharedColumns = 16
    private static let networkColumns = 8

    /// One row about the site alone, then one a network, then one a gateway; only the first carries the document.
    private static func statement(_ slug: Slug) -> SQL {
        """
        SELECT part.kind, \(SQL.siteColumns), o.parent_id, o.kind, o.name, o.code_insee, o.latitude, o.longitude,
            CASE WHEN part.kind = 0 THEN r.document::text END, \(SQL.networkColumns), \(SQL.gatewayColumns)
        FROM territory.site AS s
        JOIN territory.organisation AS o ON o.id = s.organisation_id
        JOIN territory.package_release AS r ON r.id = s.package_release_id
        CROSS JOIN LATERAL (
            SELECT 0 AS kind, NULL::bigint AS network_id, NULL::bigint AS nas_id
            UNION ALL SELECT 1, id, NULL FROM territory.network WHERE site_id = s.id
            UNION ALL SELECT 2, NULL, id FROM territory.nas WHERE site_id = s.id
        ) AS part
        LEFT JOIN territory.network AS w ON w.id = part.network_id
        LEFT JOIN territory.nas AS n ON n.id = part.nas_id
        WHERE s.slug = \(slug.rawValue)
        ORDER BY part.kind, w.name, n.name
        """
    }
}
