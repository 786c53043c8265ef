import Foundation
import Postgres
import Store
import Territory
import Testing

struct CommuneImportTests {
    private func communes(_ csv: String) throws -> [CommuneImport.Commune] {
        try CommuneImport(Array(csv.utf8), file: "communes.csv").communes
    }

    private let three = """
        code_insee,nom,latitude,longitude
        55001,Abainville,48.53267,5.51481
        55002,Abaucourt-Hautecourt,49.19717,5.54917
        54001,Abaucourt,48.9,6.2

        """

    @Test func `makes the communes and their Départements, and changes nothing the second time`() async throws {
        try await Installation.with { here in
            let organisations = Organisations(here.owner)
            let first = try await organisations.importCommunes(try communes(three), departementNames: ["55": "Meuse"])
            #expect(first == .init(created: 3, updated: 0, unchanged: 0, departements: 2))
            let again = try await organisations.importCommunes(try communes(three))
            #expect(again == .init(created: 0, updated: 0, unchanged: 3, departements: 0))
            let all = try await organisations.list()
            #expect(all.map(\.name) == ["Département 54", "Meuse", "Abainville", "Abaucourt", "Abaucourt-Hautecourt"])
            let meuse = try #require(try await organisations.find(codeINSEE: "55"))
            let abainville = try #require(try await organisations.find(codeINSEE: "55001"))
            #expect(abainville.parentID == meuse.id)
            #expect(abainville.coordinates == Coordinates(latitude: 48.53267, longitude: 5.51481))
        }
    }

    @Test func `brings a name up to date, keeps a place the file lacks and a parent put in between`() async throws {
        try await Installation.with { here in
            let organisations = Organisations(here.owner)
            _ = try await organisations.importCommunes(try communes(three))
            let epci = try await organisations.create(kind: .epci, name: "Codecom", parent: nil)
            _ = try await here.owner.write(
                "UPDATE territory.organisation SET parent_id = \(epci.id) WHERE code_insee = '55001'", repeatable: true)
            let report = try await organisations.importCommunes(try communes("insee;nom\n55001;Abainville-le-Neuf\n"))
            #expect(report == .init(created: 0, updated: 1, unchanged: 0, departements: 0))
            let commune = try #require(try await organisations.find(codeINSEE: "55001"))
            #expect(commune.name == "Abainville-le-Neuf")
            #expect(commune.parentID == epci.id)
            #expect(commune.coordinates != nil)
        }
    }

    @Test func `imports nothing when one row cannot be`() async throws {
        try await Installation.with { here in
            // A row that the table refuses although the file was right: the name is taken back by a constraint.
            _ = try await here.owner.write(
                "ALTER TABLE territory.organisation ADD CHECK (name <> 'Abaucourt')", repeatable: true)
            await #expect(throws: PostgresError(.server(sqlState: "23514"))) {
                try await Organisations(here.owner).importCommunes(try communes(three))
            }
            #expect(try await here.count("SELECT count(*) FROM territory.organisation") == 0)
        }
    }

    @Test func `is refused to a daemon's role`() async throws {
        try await Installation.with { here in
            for client in [here.access, here.portal] {
                await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                    try await Organisations(client).importCommunes(try communes(three))
                }
            }
        }
    }
}
