import ArgumentParser
import Foundation
import Territory

/// `socle package`: the kinds of site, as files.
struct PackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "The kinds of site that can be made (mairie, salle des fêtes …).",
        subcommands: [List.self, Show.self, Validate.self])

    static func library(_ installation: InstallationOptions) throws -> PackageLibrary {
        try PackageLibrary.load(directory: URL(filePath: try installation.load().paths.packages))
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the packages sites can be made of.")

        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        struct Entry: Encodable {
            let name: String
            let version: Int
            let title: String
        }

        func run() throws {
            let library = try PackageCommand.library(installation)
            let packages = library.names.compactMap { library.packages[$0] }
            let entries = packages.map { Entry(name: $0.name, version: $0.version, title: $0.title.fr) }
            if json { return try Console.json(entries) }
            var table = Table(["package", "version", "title", "logins", "networks"], right: ["version"])
            for package in packages {
                table.add([
                    package.name, "\(package.version)", package.title.fr,
                    package.login.methods.map(\.rawValue).joined(separator: ", "),
                    package.networks.map(\.name).joined(separator: ", "),
                ])
            }
            Console.print(table.text)
            if !library.faults.isEmpty {
                Console.error("\(library.faults.count) faults keep others away: see socle package validate")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a package with its inheritance resolved, as JSON.")

        @Argument(help: "Its name, such as mairie.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() throws {
            let package = try PackageCommand.library(installation).resolve(name)
            let object = try JSONSerialization.jsonObject(with: Data(package.document.utf8))
            let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let text = try JSONSerialization.data(withJSONObject: object, options: options)
            Console.print(String(decoding: text, as: UTF8.self))
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say everything that is wrong with the packages, or with one file.",
            discussion: """
                Each fault names file, line, column and key. A file is read together with its directory, where what it \
                extends must be. What is allowed and cannot work everywhere, such as accounts behind a gateway that \
                verifies no password, is told on standard error. Exit status 0: no fault; 1: faults.
                """)

        @Argument(help: "A file or a directory; otherwise the packages of the configuration.", completion: .file())
        var path: String?
        @OptionGroup var installation: InstallationOptions

        func run() throws {
            let location = URL(filePath: try path ?? installation.load().paths.packages)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: location.path, isDirectory: &isDirectory) else {
                throw Failure(.notFound, "there is no file \(location.path)")
            }
            let file = isDirectory.boolValue ? nil : location.lastPathComponent
            let directory = isDirectory.boolValue ? location : location.deletingLastPathComponent()
            let library = try PackageLibrary.load(directory: directory)
            let faults = library.faults.filter { file == nil || $0.file == file }
            for fault in faults { Console.print(fault.description) }
            for notice in notices(library, file: file) { Console.error(notice) }
            guard faults.isEmpty else { throw ExitCode(ExitStatus.findings.rawValue) }
            Console.print(file.map { "\($0): no fault" } ?? "\(library.packages.count) packages, no fault")
        }

        /// What is no fault and still not what somebody may expect: it is told beside, and does not change the exit status.
        private func notices(_ library: PackageLibrary, file: String?) -> [String] {
            let directory = (try? installation.load().paths.equipment).map { URL(filePath: $0) }
            let equipment = directory.flatMap { try? EquipmentLibrary.load(directory: $0) }
            let handoffs = equipment?.profiles.mapValues(\.handoff) ?? [:]
            return library.packages.values.sorted { $0.name < $1.name }
                .filter { file == nil || "\($0.name).yaml" == file }
                .flatMap { $0.accountNotices(profiles: handoffs) }
        }
    }
}
