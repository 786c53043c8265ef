import ArgumentParser
import Foundation
import Store
import Territory

/// `socle territory`: the public bodies that sites belong to.
struct TerritoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory", abstract: "The communes and other bodies that sites belong to.",
        subcommands: [Import.self, List.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring in communes from a CSV file.",
            discussion: """
                Needs columns code_insee and nom; latitude and longitude are taken where they are. Commas, semicolons or \
                tabs; UTF-8 with or without mark, UTF-16, Windows-1252; quoted line ends. All or nothing: every fault is \
                told with line and column, and then nothing is changed. Safe to repeat: communes are recognised by their \
                code. Each goes under its Département, which is made if need be.
                """)

        @Argument(help: "The CSV file; - is standard input.", completion: .file(extensions: ["csv"])) var file: String
        @Option(
            help: ArgumentHelp(
                "CSV file with the columns code and nom.",
                discussion: "Otherwise departements.csv beside FILE, if there is one.",
                valueName: "file"), completion: .file(extensions: ["csv"]))
        var departements: String?
        @Flag(help: "Say what would be done and change nothing.") var dryRun = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let communes = try CommuneImport(try CommandFile.read(file), file: file).communes
            let names = try (departements ?? DepartementNames.beside(file)).map { try DepartementNames.read($0) } ?? [:]
            try await Administration.run(installation) { administration in
                if dryRun { return try await announce(communes, administration) }
                let report = try await administration.organisations.importCommunes(communes, departementNames: names)
                try await administration.record(
                    "territory.import", ["created": "\(report.created)", "updated": "\(report.updated)"])
                Console.print(
                    "\(report.created) communes created, \(report.updated) updated, \(report.unchanged) unchanged, "
                        + "\(report.departements) Départements created")
            }
        }

        private func announce(_ communes: [CommuneImport.Commune], _ administration: Administration) async throws {
            let known = try await administration.organisations.list()
            let byCode = Dictionary(known.compactMap { body in body.codeINSEE.map { ($0, body) } }) { first, _ in first
            }
            var (created, updated) = (0, 0)
            for commune in communes {
                guard let body = byCode[commune.codeINSEE] else {
                    created += 1
                    continue
                }
                let moves = commune.coordinates != nil && commune.coordinates != body.coordinates
                if body.name != commune.name || moves || body.parentID == nil { updated += 1 }
            }
            Console.print(
                "would create \(created) communes, update \(updated), leave \(communes.count - created - updated); nothing is changed"
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the organisations.")

        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        struct Entry: Encodable {
            let code: String?
            let kind, name: String
            let latitude, longitude: Double?
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let entries = try await administration.organisations.list().map {
                    Entry(
                        code: $0.codeINSEE, kind: $0.kind.rawValue, name: $0.name, latitude: $0.coordinates?.latitude,
                        longitude: $0.coordinates?.longitude)
                }
                if json { return try Console.json(entries) }
                var table = Table(["code", "kind", "name"])
                for entry in entries { table.add([entry.code ?? "", entry.kind, entry.name]) }
                Console.print(table.text)
            }
        }
    }
}
