import ArgumentParser
import Foundation
import Store
import Territory

/// `socle site list`.
struct SiteListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the sites.")

    @Option(help: "Only those of this commune or other body, by INSEE code.") var commune: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var installation: InstallationOptions

    struct Entry: Encodable {
        let slug, name, organisation, package: String
        let version: Int
        let status, portalURL: String
    }

    func run() async throws {
        try await Administration.run(installation) { administration in
            let owner =
                if let commune { try await administration.organisation(code: commune).id } else { OrganisationID?.none }
            let bodies = Dictionary(
                try await administration.organisations.list().map { ($0.id, $0.name) }
            ) { first, _ in first }
            let sites = try await administration.sites.withPackages().filter {
                owner == nil || $0.site.organisationID == owner
            }
            let entries = sites.map { found in
                Entry(
                    slug: found.site.slug.rawValue, name: found.site.name,
                    organisation: bodies[found.site.organisationID] ?? "", package: found.package.name,
                    version: found.package.version, status: found.site.status.rawValue,
                    portalURL: administration.configuration.portalURL(of: found.site.slug))
            }
            if json { return try Console.json(entries) }
            var table = Table(["slug", "name", "organisation", "package", "status"])
            for entry in entries {
                table.add([
                    entry.slug, entry.name, entry.organisation, "\(entry.package) \(entry.version)", entry.status,
                ])
            }
            Console.print(table.text)
        }
    }
}

/// `socle site show`.
struct SiteShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a site: package, networks, gateways, rights.")

    @Argument(help: "Its slug.") var slug: String
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var installation: InstallationOptions

    struct Entry: Encodable {
        struct SSID: Encodable { let name, ssid, encryption, handoff: String }
        struct Box: Encodable { let name, profile: String; let source, identifier: String? }
        let slug, name, organisation, package: String
        let version: Int
        let status, timeZone, portalURL: String
        let logins: [String]
        let rights: Rights
        let networks: [SSID]
        let gateways: [Box]
        /// What the package asks for and the gateways cannot do, a sentence each.
        let notices: [String]
    }

    func run() async throws {
        try await Administration.run(installation) { administration in
            let site = try await administration.site(slug: slug)
            guard let detail = try await administration.sites.detail(slug: site.slug) else {
                throw Failure(.notFound, "there is no site “\(slug)”")
            }
            let entry = Entry(
                slug: site.slug.rawValue, name: site.name, organisation: detail.organisation.name,
                package: detail.package.name, version: detail.package.version, status: site.status.rawValue,
                timeZone: site.timeZone.identifier, portalURL: administration.configuration.portalURL(of: site.slug),
                logins: detail.package.login.methods.map(\.rawValue), rights: detail.package.rights,
                networks: detail.networks.map {
                    .init(
                        name: $0.name, ssid: $0.ssid, encryption: $0.encryption.rawValue, handoff: $0.handoff.rawValue)
                },
                gateways: detail.gateways.map {
                    .init(name: $0.name, profile: $0.profile, source: $0.source?.description, identifier: $0.identifier)
                },
                notices: try administration.accountNotices(of: detail))
            if json { return try Console.json(entry) }
            Console.print(Self.lines(entry).joined(separator: "\n"))
        }
    }

    static func lines(_ entry: Entry) -> [String] {
        var lines = [
            "\(entry.slug): \(entry.name)", "  organisation  \(entry.organisation)",
            "  package       \(entry.package) \(entry.version)", "  status        \(entry.status)",
            "  time zone     \(entry.timeZone)", "  portal        \(entry.portalURL)",
            "  logins        \(entry.logins.joined(separator: ", "))", "  rights        \(entry.rights.json)",
        ]
        for network in entry.networks {
            lines.append(
                "  network       \(network.name): SSID “\(network.ssid)”, \(network.encryption), \(network.handoff)")
        }
        for box in entry.gateways {
            let known = [box.source, box.identifier].compactMap { $0 }.joined(separator: ", ")
            lines.append("  gateway       \(box.name): \(box.profile), \(known)")
        }
        lines += entry.notices.map { "  note          \($0)" }
        return lines
    }
}
