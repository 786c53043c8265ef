public import Postgres
public import Territory

/// The public bodies of a territory. Reading is everybody's; importing and creating are the owner's.
public struct Organisations: Sendable {
    let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, parent_id, kind, name, code_insee, latitude, longitude
        """

    /// All organisations, Départements first, then by name.
    public func list() async throws -> [Organisation] {
        try await client.query(
            """
            SELECT \(Self.columns) FROM territory.organisation
            ORDER BY array_position(ARRAY['departement', 'epci', 'commune', 'partner'], kind), name, id
            """
        ).map(Self.organisation)
    }

    /// The organisation of an INSEE code, or nil.
    public func find(codeINSEE: String) async throws -> Organisation? {
        try await client.query(
            "SELECT \(Self.columns) FROM territory.organisation WHERE code_insee = \(codeINSEE)"
        ).first.map(Self.organisation)
    }

    /// One organisation by its id, or nil.
    public func find(_ id: OrganisationID) async throws -> Organisation? {
        try await client.query("SELECT \(Self.columns) FROM territory.organisation WHERE id = \(id)")
            .first.map(Self.organisation)
    }

    /// Makes sure that an organisation with this INSEE code exists, under this name: the Département at the root.
    public func ensure(
        kind: Organisation.Kind, name: String, codeINSEE: String, parent: OrganisationID? = nil
    ) async throws -> Organisation {
        let rows = try await client.write(
            """
            INSERT INTO territory.organisation (kind, name, code_insee, parent_id)
            VALUES (\(kind.rawValue), \(name), \(codeINSEE), \(parent))
            ON CONFLICT (code_insee) DO UPDATE SET name = excluded.name
            RETURNING \(Self.columns)
            """, repeatable: true)
        guard let row = rows.first else { throw StoreError(.notFound, "organisation") }
        return try Self.organisation(row)
    }

    /// A new organisation that has no INSEE code: an EPCI known by its name, a partner.
    public func create(
        kind: Organisation.Kind, name: String, parent: OrganisationID?, coordinates: Coordinates? = nil
    ) async throws -> Organisation {
        let rows = try await client.write(
            """
            INSERT INTO territory.organisation (kind, name, parent_id, latitude, longitude)
            VALUES (\(kind.rawValue), \(name), \(parent), \(coordinates?.latitude), \(coordinates?.longitude))
            RETURNING \(Self.columns)
            """, repeatable: false)
        guard let row = rows.first else { throw StoreError(.notFound, "organisation") }
        return try Self.organisation(row)
    }

    private static func organisation(_ row: Row) throws -> Organisation {
        var columns = ColumnReader(row)
        return Organisation(
            id: try columns.next(), parentID: try columns.next(), kind: try columns.nextCase(),
            name: try columns.next(), codeINSEE: try columns.next(), coordinates: try columns.nextCoordinates())
    }
}
