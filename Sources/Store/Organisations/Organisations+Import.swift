internal import Postgres
public import Territory

extension Organisations {
    /// What an import did.
    public struct ImportReport: Sendable, Hashable {
        /// Communes that were not there.
        public let created: Int
        /// Communes whose name or place changed.
        public let updated: Int
        /// Communes that were so already.
        public let unchanged: Int
        /// Départements that were made to be their parents.
        public let departements: Int

        /// These counts.
        public init(created: Int, updated: Int, unchanged: Int, departements: Int) {
            (self.created, self.updated) = (created, updated)
            (self.unchanged, self.departements) = (unchanged, departements)
        }
    }

    /// Brings in communes, all or none, each under its Département, which is made when it is not there (named by its code
    /// unless `departementNames` knows better). What exists is recognised by its INSEE code: its name and place are
    /// brought up to date, and its parent is left alone, for an EPCI may have been put in between. Safe to repeat.
    public func importCommunes(
        _ communes: [CommuneImport.Commune], departementNames: [String: String] = [:]
    ) async throws -> ImportReport {
        let codes = Set(communes.map(\.codeDepartement)).sorted()
        let names = codes.map { departementNames[$0] ?? "Département \($0)" }
        return try await client.transaction { transaction in
            let departements = try await transaction.write(
                """
                INSERT INTO territory.organisation (kind, name, code_insee)
                SELECT 'departement', name, code FROM unnest(\(codes), \(names)) AS new(code, name)
                ON CONFLICT (code_insee) DO NOTHING
                """
            ).affected
            let rows = try await transaction.query(Self.upsert(communes))
            guard let (created, updated) = try rows.first?.decode(Int.self, Int.self) else {
                throw StoreError(.invalid, "communes")
            }
            return ImportReport(
                created: created, updated: updated, unchanged: communes.count - created - updated,
                departements: departements)
        }
    }

    private static func upsert(_ communes: [CommuneImport.Commune]) -> SQL {
        """
        WITH written AS (
            INSERT INTO territory.organisation AS known (kind, name, code_insee, latitude, longitude, parent_id)
            SELECT 'commune', new.name, new.code, new.latitude, new.longitude, parent.id
            FROM unnest(\(communes.map(\.name)), \(communes.map(\.codeINSEE)), \(communes.map(\.coordinates?.latitude)),
                \(communes.map(\.coordinates?.longitude)), \(communes.map(\.codeDepartement)))
                AS new(name, code, latitude, longitude, departement)
            JOIN territory.organisation AS parent ON parent.code_insee = new.departement
            ON CONFLICT (code_insee) DO UPDATE SET name = excluded.name,
                latitude = coalesce(excluded.latitude, known.latitude),
                longitude = coalesce(excluded.longitude, known.longitude),
                parent_id = coalesce(known.parent_id, excluded.parent_id)
            WHERE (known.name, known.latitude, known.longitude) IS DISTINCT FROM (excluded.name,
                coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude))
                OR known.parent_id IS NULL
            RETURNING xmax = 0 AS created -- a row that was updated carries the lock of our own transaction
        )
        SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM written
        """
    }
}
