import ArgumentParser
import Foundation
import Store
import Territory

/// `socle archive injunction`: decrees that order traffic data to be kept.
struct ArchiveInjunctionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "injunction", abstract: "Decrees that order traffic data (class C5) to be kept.",
        subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enter a decree. It is never changed afterwards.",
            discussion: "C5 is collected from its first instant until before its last, and stops by itself.")
        @Argument(help: "Such as “décret n° 2025-980”.") var reference: String
        @Option(help: "First day, such as 2026-10-21, in French time.") var from: String
        @Option(help: "First day on which it no longer holds; a year later at most.") var until: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            guard let start = Self.day(from), let end = Self.day(until) else {
                throw Failure(.usage, "--from and --until are days such as 2026-10-21")
            }
            guard let injunction = Injunction(reference: reference, start: start, end: end) else {
                throw Failure(.usage, "an injunction ends after it starts, and lasts a year at most")
            }
            try await Administration.run(installation) { administration in
                try await Injunctions(administration.client).add(injunction, by: "cli:\(NSUserName())")
                try await administration.record("archive.injunction.add", ["reference": reference])
                Console.print("\(reference) holds from \(from) until before \(until)")
            }
        }

        private static func day(_ text: String) -> Date? {
            guard let zone = TimeZone(identifier: "Europe/Paris") else { return nil }
            return try? Date.ISO8601FormatStyle(timeZone: zone).year().month().day().parse(text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the decrees, and whether one is in force.")
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let register = try await Injunctions(administration.client).register()
                var table = Table(["decree", "from", "until", ""])
                for one in register.injunctions {
                    table.add([
                        one.reference, one.start.formatted(.iso8601), one.end.formatted(.iso8601),
                        one == register.inForce(at: .now) ? "in force" : "",
                    ])
                }
                Console.print(table.text)
                if let days = register.daysLeft(at: .now) {
                    Console.print("The last one ends in \(days) days: enter the next, or C5 stops by itself.")
                } else if register.inForce(at: .now) == nil {
                    Console.print("None is in force: traffic data (C5) are not collected.")
                }
            }
        }
    }
}
