import ArgumentParser
import Evidence
import Foundation
import NetworkLogs
import Store
import Territory

/// `socle archive`: the legal archive.
struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "The legal archive: keys, sources, injunctions, and how it does.",
        discussion: """
            The archive can be written here and not read: records open with the keys of two of three officers, or the \
            auditor's. Make the keys with `socle archive key`, name the public halves in the configuration, declare who \
            sends with `socle archive source add`, and `socle serve` keeps it.
            """,
        subcommands: [Key.self, ArchiveSourceCommand.self, ArchiveInjunctionCommand.self, ArchiveStatusCommand.self])

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key: of the log, of the auditor or of an officer.",
            discussion: """
                Writes FILE, which is private, and FILE.pub, which is not. The log's private key stays with the daemon. \
                Those of auditor and officers belong to their holders: make them on their machines, or take them away; \
                nobody can make them again.
                """)

        enum Role: String, ExpressibleByArgument, CaseIterable { case log, auditor, officer }

        @Option(help: "log, auditor or officer.") var role: Role
        @Option(help: "Name of the holder, such as officer-1; of a log its address, such as archive.example.fr/socle.")
        var name: String
        @Option(help: "Counts the holder's keys; higher with each renewal.") var generation: UInt32 = 1
        @Argument(help: "The private file to make.", completion: .file()) var file: String

        func run() throws {
            let (secret, open): (String, String)
            do throws(EvidenceError) {
                switch role {
                case .log:
                    let signer = try NoteSigner(generating: .log, name: name)
                    (secret, open) = (signer.text + "\n", "\(signer.verifier)\n")
                case .auditor, .officer:
                    let key = ArchiveKey(
                        generating: role == .auditor ? .auditor : .officer, name: name, generation: generation)
                    // Read back, so that a name that no file can hold is refused before anything is written.
                    _ = try KeyFile.key(KeyFile.text(key))
                    (secret, open) = (KeyFile.text(key), KeyFile.text(key.recipient))
                }
            } catch {
                throw Failure(.usage, "“\(name)” cannot be the name of a key", mend: "letters, digits, -, . and /")
            }
            // The public half first: a private one without it would be a key that nothing is sealed to.
            try PrivateFile(creating: file + ".pub", readableByAll: true).append(open)
            try PrivateFile(creating: file).append(secret)
            Console.print("\(file) is private, \(file).pub is not")
        }
    }
}

/// `socle archive source`: who sends to the archive.
struct ArchiveSourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Who sends to the archive.", subcommands: [Add.self, List.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declare a source at a site.",
            discussion: """
                Lines (syslog over UDP, TCP or TLS) need --parser, once or several times: \
                \(LineDialects.allNames.joined(separator: ", ")). Flows (NetFlow v9, IPFIX) need --flow. A source is \
                known by --address, or over TLS by --certificate-name.
                """)

        @Option(help: "Slug of the site.") var site: String
        @Option(help: "Its name, never used again: a-z, 0-9, - and dots.") var name: String
        @Option(help: "Where its packets come from: an address or a block.") var address: String?
        @Option(help: "DNS name in its certificate.") var certificateName: String?
        @Option(help: "What lines it writes.") var parser: [String] = []
        @Flag(help: "It exports flows.") var flow = false
        @Option(help: "Time zone of its clock.") var timeZone = "Europe/Paris"
        @Option(help: "Which segments its records go to.") var group = "commun"
        @Option(help: "Minutes without a word after which it counts as silent.") var silentAfter = 15
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if flow == !parser.isEmpty { throw ValidationError("either --parser or --flow is needed") }
            if address == nil, certificateName == nil {
                throw ValidationError("--address or --certificate-name is needed")
            }
            for name in parser where LineDialects(name: name) == nil {
                throw ValidationError("there is no parser \(name): \(LineDialects.allNames.joined(separator: ", "))")
            }
            if !TimeZone.knownTimeZoneIdentifiers.contains(timeZone), timeZone != "UTC" {
                throw ValidationError("there is no time zone \(timeZone); such as Europe/Paris, Indian/Reunion or UTC")
            }
            guard (1...10_080).contains(silentAfter) else {
                throw ValidationError("--silent-after is 1 to 10080 minutes")
            }
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let site = try await administration.site(slug: site)
                var source = NewLogSource(name: name, kind: flow ? .flow : .syslog, dialects: parser)
                if let address {
                    guard let prefix = IPPrefix(address) ?? IPAddress(address).map(IPPrefix.init(host:)) else {
                        throw Failure(.usage, "“\(address)” is no address or block")
                    }
                    source.address = prefix
                }
                (source.certificateName, source.timeZone) = (certificateName, timeZone)
                (source.tenantGroup, source.silentAfterSeconds) = (group, silentAfter * 60)
                let added = try await LogSources(administration.client).add(source, to: site.id)
                try await administration.record(
                    "archive.source.add", organisation: site.organisationID,
                    ["site": site.slug.rawValue, "source": added.name])
                Console.print("\(added.name) may send for \(site.slug.rawValue)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the sources, and who sends without being one.")
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let sources = LogSources(administration.client)
                var table = Table(["source", "site", "from", "writes", "zone", "group"])
                for source in try await sources.all() {
                    table.add([
                        source.name, source.site.rawValue,
                        [source.address?.description, source.certificateName].compactMap(\.self)
                            .joined(separator: " or "),
                        source.kind == .flow ? "flows" : source.dialects.joined(separator: " "), source.timeZone,
                        source.tenantGroup,
                    ])
                }
                Console.print(table.text)
                let unknown = try await sources.unknownSenders()
                guard !unknown.isEmpty else { return }
                var strangers = Table(["not declared", "sends", "messages", "last"], right: ["messages"])
                for sender in unknown.prefix(50) {
                    strangers.add([
                        sender.address.description, sender.kind.rawValue, "\(sender.messages)",
                        sender.lastSeenAt.formatted(.iso8601),
                    ])
                }
                Console.print(strangers.text)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a source out of service. What it sent stays, and so does its name.")
        @Argument(help: "Its name.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                do { try await LogSources(administration.client).remove(name, at: .now) } catch let error as StoreError
                    where error.code == .notFound
                {
                    throw Failure(.notFound, "there is no source \(name)", mend: "socle archive source list shows them")
                }
                try await administration.record("archive.source.remove", ["source": name])
                Console.print("\(name) may no longer send")
            }
        }
    }
}
