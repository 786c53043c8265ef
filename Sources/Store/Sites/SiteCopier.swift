internal import Postgres
internal import Territory

/// Reads what a site has, for another one like it.
struct SiteCopier {
    let builder: SiteBuilder
    let source: SiteID

    private var transaction: PostgresTransaction { builder.transaction }

    func networks(siteName: String) async throws -> [SiteBuilder.NetworkDraft] {
        let planned = builder.plannedNetworks(siteName: siteName)
        return try await transaction.query(
            "SELECT \(SQL.networkColumns) FROM territory.network AS w WHERE w.site_id = \(source) ORDER BY w.id"
        ).map { row in
            var columns = ColumnReader(row)
            let network = try columns.nextNetwork()
            return SiteBuilder.NetworkDraft(
                name: network.name, ssid: planned.first { $0.name == network.name }?.ssid ?? network.ssid,
                vlan: network.vlan, encryption: network.encryption, handoff: network.handoff)
        }
    }

    func equipment() async throws -> [SiteBuilder.EquipmentDraft] {
        try await transaction.query(
            "SELECT name, profile FROM territory.equipment WHERE site_id = \(source) ORDER BY id"
        ).decode(String.self, String.self).map { name, profile in
            SiteBuilder.EquipmentDraft(name: name, profile: profile, isGateway: false)
        }
    }

    func copyServers(to site: Site, networks: [Network], equipment: [Equipment]) async throws -> [NAS] {
        let rows = try await transaction.query(
            """
            SELECT n.name, n.profile, n.message_authenticator, n.coa_port, n.portal_key IS NOT NULL, e.name
            FROM territory.nas AS n LEFT JOIN territory.equipment AS e ON e.id = n.equipment_id
            WHERE n.site_id = \(source) ORDER BY n.id
            """)
        var servers: [NAS] = []
        for row in rows {
            var columns = ColumnReader(row)
            var request = NewNAS(name: try columns.next(), profile: try columns.next())
            request.messageAuthenticator = try columns.nextCase()
            request.coaPort = try columns.next()
            if try columns.next(Bool.self) { request.portalKey = NewNAS.randomSecret() }
            let box = try columns.next(String?.self)
            request.identifier = servers.isEmpty ? site.slug.rawValue : "\(site.slug)-\(servers.count + 1)"
            servers.append(
                try await builder.insert(
                    request, at: site, networks: networks, equipment: equipment.first { $0.name == box }?.id))
        }
        return servers
    }
}
