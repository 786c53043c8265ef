public import Postgres
public import Territory

/// The sites of the territory. Reading is for every daemon; making, cloning and closing are the owner's.
public struct Sites: Sendable {
    let client: PostgresClient
    let keys: InstallationKeys

    /// Through this client; the keys seal and open what the gateways share with us.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// All sites, or one organisation's, by name.
    public func list(of organisation: OrganisationID? = nil) async throws -> [Site] {
        try await client.query(
            """
            SELECT \(SQL.siteColumns) FROM territory.site AS s
            WHERE \(organisation) IS NULL OR s.organisation_id = \(organisation) ORDER BY s.name, s.id
            """
        ).map(Self.site)
    }

    /// The site of a slug, or nil.
    public func find(slug: Slug) async throws -> Site? {
        try await client.query("SELECT \(SQL.siteColumns) FROM territory.site AS s WHERE s.slug = \(slug.rawValue)")
            .first.map(Self.site)
    }

    /// One site, or nil.
    public func find(_ id: SiteID) async throws -> Site? {
        try await client.query("SELECT \(SQL.siteColumns) FROM territory.site AS s WHERE s.id = \(id)")
            .first.map(Self.site)
    }

    /// Every site with the package it pins; each release is read once.
    public func withPackages() async throws -> [SiteWithPackage] { try await withPackages("true") }

    /// These sites with the packages they pin; those that are not there are left out.
    public func withPackages(_ ids: some Collection<SiteID>) async throws -> [SiteWithPackage] {
        try await withPackages("s.id = ANY(\(Array(ids)))")
    }

    private func withPackages(_ condition: SQL) async throws -> [SiteWithPackage] {
        let sites = try await client.query(
            "SELECT \(SQL.siteColumns) FROM territory.site AS s WHERE \(condition) ORDER BY s.id"
        ).map(Self.site)
        let releases = try await Packages(client).find(Set(sites.map(\.packageReleaseID)))
        return try sites.map { site in
            guard let release = releases[site.packageReleaseID] else {
                throw StoreError(.unreadable, "the package of site \(site.id)")
            }
            return SiteWithPackage(site: site, package: release.package)
        }
    }

    /// Every gateway with the slug of its site: for requests to the portal that name no site.
    public func gateways() async throws -> [PlacedGateway] {
        try await client.query(
            """
            SELECT s.slug, \(SQL.gatewayColumns) FROM territory.nas AS n
            JOIN territory.site AS s ON s.id = n.site_id ORDER BY n.id
            """
        ).map { row in
            var columns = ColumnReader(row)
            let slug: Slug = try columns.nextCase()
            return PlacedGateway(gateway: try columns.nextGateway(opening: keys.secrets), slug: slug)
        }
    }

    /// The boxes declared at a site, by name.
    public func equipment(of site: SiteID) async throws -> [Equipment] {
        try await client.query(
            "SELECT \(SQL.equipmentColumns) FROM territory.equipment AS e WHERE e.site_id = \(site) ORDER BY e.name"
        ).map { row in
            var columns = ColumnReader(row)
            return try columns.nextEquipment()
        }
    }

    static func site(_ row: Row) throws -> Site {
        var columns = ColumnReader(row)
        return try columns.nextSite()
    }
}
