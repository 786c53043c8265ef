import Foundation
import Testing

@testable import Territory

struct CommuneImportTests {
    private func read(_ text: String) throws -> CommuneImport { try CommuneImport(Array(text.utf8), file: "c.csv") }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let error as TerritoryError {
            return error.faults.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private static let excerpt = """
        code_insee,nom,latitude,longitude
        55001,Abainville,48.53267,5.51481
        55029,Bar-le-Duc,48.77166,5.16748
        55545,Verdun,49.14456,5.36141

        """

    @Test func `reads communes of the Meuse`() throws {
        let communes = try read(Self.excerpt).communes
        #expect(communes.map(\.name) == ["Abainville", "Bar-le-Duc", "Verdun"])
        #expect(communes.map(\.line) == [2, 3, 4])
        #expect(communes[0].coordinates == Coordinates(latitude: 48.53267, longitude: 5.51481))
        #expect(communes[0].codeDepartement == "55")
    }

    @Test func `reads the whole file that ships`() throws {
        let url = configuration.appendingPathComponent("territory/communes-55.csv")
        let communes = try CommuneImport(Array(Data(contentsOf: url)), file: "communes-55.csv").communes
        #expect(communes.count == 501)
        #expect(Set(communes.compactMap { Slug(name: $0.name) }).count > 490)
        #expect(communes.allSatisfy { $0.codeDepartement == "55" && $0.coordinates != nil })
    }

    @Test(arguments: [
        "CODGEO;LIBGEO;Lat;Lon\n55001;Abainville;48,53267;5,51481\n",
        "Nom commune\tCode commune INSEE\tx\tLongitude\tLatitude\nAbainville\t55001\t?\t5.51481\t48.53267\n",
        "\u{FEFF}INSEE_COM,NOM_COM,longitude,latitude\r\n\"55001\",\" Abainville \",5.51481,48.53267\r\n",
        "nom;nom_standard;insee;lat;lng\nABAINVILLE;Abainville;55001;48.53267;5.51481\n".replacing(
            "ABAINVILLE", with: "Abainville"),
    ])
    func `reads the headers, separators and decimals that people send`(_ text: String) throws {
        let commune = try #require(try read(text).communes.first)
        #expect(commune.codeINSEE == "55001" && commune.name == "Abainville")
        #expect(commune.coordinates == Coordinates(latitude: 48.53267, longitude: 5.51481))
    }

    @Test func `reads codes of Corsica and overseas, and communes without coordinates`() throws {
        let communes = try read("code_insee,nom\n2a004,Ajaccio\n97411,Saint-Denis\n01004,Ambérieu\n").communes
        #expect(communes.map(\.codeINSEE) == ["2A004", "97411", "01004"])
        #expect(communes.map(\.codeDepartement) == ["2A", "974", "01"])
        #expect(communes.allSatisfy { $0.coordinates == nil })
    }

    @Test func `tells every fault at once, with its line and column`() {
        let text = """
            code_insee,nom,latitude,longitude
            1004,A,48,5
            55-01,B,48,5
            55002,,48,5
            55003,C,91,5
            55004,D,48,
            55005,E,"48,5",5
            2C001,F,48,5
            55006,G,nan,181

            """
        #expect(
            faults(text) == [
                "c.csv:2:1: code_insee: \"1004\" has four digits: a spreadsheet may have dropped the leading zero",
                "c.csv:3:1: code_insee: \"55-01\" is no INSEE code such as 55029 or 2A004",
                "c.csv:4:7: nom: is empty", "c.csv:5:9: latitude: wanted degrees from -90 to 90",
                "c.csv:6:12: longitude: wanted degrees from -180 to 180",
                "c.csv:7:9: latitude: wanted degrees from -90 to 90",
                "c.csv:8:1: code_insee: \"2C001\" is no INSEE code such as 55029 or 2A004",
                "c.csv:9:9: latitude: wanted degrees from -90 to 90",
                "c.csv:9:13: longitude: wanted degrees from -180 to 180",
            ])
    }

    @Test func `names both lines of a commune given twice`() {
        #expect(
            faults("code_insee,nom\n55001,A\n55002,B\n55001,A\n55001,C\n") == [
                "c.csv:4:1: code_insee: 55001 is on line 2 already",
                "c.csv:5:1: code_insee: 55001 is on line 2 already",
            ])
    }

    @Test func `says which columns are missing or ambiguous`() {
        #expect(faults("a,b\n1,2\n").map { $0.prefix(20) } == ["c.csv:1: code_insee:", "c.csv:1: nom: has no"])
        #expect(faults("insee,insee,nom\n55001,55001,A\n") == ["c.csv:1: code_insee: has two columns named \"insee\""])
        #expect(faults("insee,nom,lat\n55001,A,48\n").first?.hasPrefix("c.csv:1: longitude: is missing") == true)
    }

    @Test func `a quoted line end in a name is refused by its own line`() {
        #expect(
            faults("insee,nom\n55001,\"Bar\nle-Duc\"\n") == [
                "c.csv:2:7: nom: has a line end or another control character"
            ])
    }
}
