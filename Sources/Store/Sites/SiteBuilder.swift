internal import Foundation
internal import Postgres
internal import Territory

/// Writes the rows of one new site within a transaction of the owner.
struct SiteBuilder {
    let transaction: PostgresTransaction
    let keys: InstallationKeys
    let organisation: Organisation
    let package: SitePackage

    /// A network as it is to be, before it has a row.
    struct NetworkDraft {
        let name: String
        let ssid: String
        let vlan: Int?
        let encryption: Network.Encryption
        let handoff: Handoff
    }

    /// A box as it is to be, before it has a row.
    struct EquipmentDraft {
        let name: String
        let profile: String
        let isGateway: Bool
    }

    /// Reads whose the site is to be and what it is made from. Throws `.notFound`.
    init(
        _ transaction: PostgresTransaction, keys: InstallationKeys, organisation: OrganisationID,
        release: PackageReleaseID
    ) async throws {
        let rows = try await transaction.query(
            """
            SELECT o.id, o.parent_id, o.kind, o.name, o.code_insee, o.latitude, o.longitude, r.document::text
            FROM territory.organisation AS o CROSS JOIN territory.package_release AS r
            WHERE o.id = \(organisation) AND r.id = \(release)
            """)
        guard let row = rows.first else {
            throw StoreError(.notFound, "organisation \(organisation) or release \(release)")
        }
        var columns = ColumnReader(row)
        self.organisation = Organisation(
            id: try columns.next(), parentID: try columns.next(), kind: try columns.nextCase(),
            name: try columns.next(),
            codeINSEE: try columns.next(), coordinates: try columns.nextCoordinates())
        package = try SitePackage(document: try columns.next())
        (self.transaction, self.keys) = (transaction, keys)
    }

    /// What the package plans, for a site of this name.
    func plannedNetworks(siteName: String) -> [NetworkDraft] {
        package.networks.map { plan in
            NetworkDraft(
                name: plan.name, ssid: plan.ssid(commune: organisation.name, site: siteName), vlan: plan.vlan,
                encryption: plan.encryption, handoff: plan.handoff)
        }
    }

    /// What the package expects: `gateway`, `access-point-1`, `access-point-2` …
    func expectedEquipment() -> [EquipmentDraft] {
        package.equipment.flatMap { expected in
            (1...max(1, expected.count)).map { number in
                let name = expected.count > 1 ? "\(expected.role.rawValue)-\(number)" : expected.role.rawValue
                return EquipmentDraft(
                    name: name, profile: expected.profiles.first ?? "wispr", isGateway: expected.role == .gateway)
            }
        }
    }

    /// The slug asked for, or one made of the names. Throws `.duplicate` when the one asked for is taken.
    func slug(_ wanted: Slug?, siteName: String) async throws -> Slug {
        let place = organisation.name
        let isNamed = siteName.localizedStandardContains(place)
        guard let base = wanted ?? Slug(name: isNamed ? siteName : "\(siteName) \(place)") else {
            throw StoreError(.invalid, "no slug can be made of the site's name")
        }
        // Two that take the same free slug at once: the second one waits here for the first one's end.
        _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtext('territory.site.slug'))")
        let rows = try await transaction.query(
            "SELECT slug FROM territory.site WHERE starts_with(slug, \(String(base.rawValue.prefix(50))))")
        let taken = Set(try rows.decode(String.self))
        if wanted != nil, taken.contains(base.rawValue) { throw StoreError(.duplicate, "slug \(base)") }
        guard let slug = base.unique(isTaken: { taken.contains($0.rawValue) }) else {
            throw StoreError(.duplicate, "slug \(base)")
        }
        return slug
    }

    func insertSite(
        release: PackageReleaseID, slug: Slug, name: String, timeZone: String, coordinates: Coordinates?
    ) async throws -> Site {
        guard TimeZone(identifier: timeZone) != nil else { throw StoreError(.invalid, "time zone \(timeZone)") }
        let place = coordinates ?? organisation.coordinates
        let rows = try await transaction.query(
            """
            INSERT INTO territory.site AS s (organisation_id, package_release_id, slug, name, time_zone, latitude, longitude)
            VALUES (\(organisation.id), \(release), \(slug.rawValue), \(name), \(timeZone), \(place?.latitude),
                \(place?.longitude))
            RETURNING \(SQL.siteColumns)
            """)
        guard let row = rows.first else { throw StoreError(.invalid, "site \(slug)") }
        return try Sites.site(row)
    }

    func insert(_ drafts: [NetworkDraft], at site: Site) async throws -> [Network] {
        try await transaction.query(
            """
            INSERT INTO territory.network AS w (organisation_id, site_id, name, ssid, vlan, encryption, handoff)
            SELECT \(organisation.id), \(site.id), * FROM unnest(\(drafts.map(\.name)), \(drafts.map(\.ssid)),
                \(drafts.map { $0.vlan.map(Int32.init(clamping:)) }), \(drafts.map(\.encryption.rawValue)),
                \(drafts.map(\.handoff.rawValue)))
            RETURNING \(SQL.networkColumns)
            """
        ).map { row in
            var columns = ColumnReader(row)
            return try columns.nextNetwork()
        }
    }

    func insert(_ drafts: [EquipmentDraft], at site: Site) async throws -> [Equipment] {
        try await transaction.query(
            """
            INSERT INTO territory.equipment AS e (organisation_id, site_id, name, profile)
            SELECT \(organisation.id), \(site.id), * FROM unnest(\(drafts.map(\.name)), \(drafts.map(\.profile)))
            RETURNING \(SQL.equipmentColumns)
            """
        ).map { row in
            var columns = ColumnReader(row)
            return try columns.nextEquipment()
        }
    }

    /// Declares a NAS: known by the slug unless it says otherwise, and with a portal key where a network's handoff is
    /// signed with one.
    func insert(
        _ request: NewNAS, at site: Site, networks: [Network], equipment: EquipmentID?
    ) async throws -> NAS {
        var request = request
        if request.source == nil, request.identifier == nil, request.certificateName == nil {
            request.identifier = site.slug.rawValue
        }
        if request.portalKey == nil, networks.contains(where: { $0.handoff == .uam || $0.handoff == .openNDSFAS }) {
            request.portalKey = NewNAS.randomSecret()
        }
        request.equipmentID = request.equipmentID ?? equipment
        return try await NASDirectory.insert(request, site: site.id, keys: keys, in: transaction)
    }
}
