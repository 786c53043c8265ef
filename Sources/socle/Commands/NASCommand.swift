import ArgumentParser
import Foundation
import Store
import Territory

/// `socle nas`: the gateways that ask by RADIUS.
struct NASCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nas", abstract: "Gateways: what RADIUS requests come from.",
        subcommands: [Add.self, Change.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declare a gateway at a site.",
            discussion:
                "Shows its RADIUS secret once: type it into the gateway. It is recognised by --source (the longest prefix wins), by --identifier, or over TLS by --certificate-name."
        )

        @Option(help: "Slug of the site.") var site: String
        @Option(help: "Its name within the site.") var name: String
        @OptionGroup var gateway: GatewayOptions
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if gateway.source == nil, gateway.identifier == nil, gateway.certificateName == nil {
                throw ValidationError(
                    "--source, --identifier or --certificate-name is needed: a gateway must be recognised by something")
            }
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let site = try await administration.site(slug: site)
                let request = try gateway.request(name: name, administration.configuration)
                let server = try await administration.servers.add(request, to: site.id)
                try await administration.record(
                    "nas.add", organisation: site.organisationID, ["site": site.slug.rawValue, "nas": server.name])
                let url = administration.configuration.portalURL(of: site.slug)
                Console.print(GatewayOptions.lines(for: server, portalURL: url).joined(separator: "\n"))
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Change by what a gateway is recognised over TLS (RadSec).",
            discussion: "The daemons take it over within a second; a connection under the name of before ends.")

        @Option(help: "Number of the gateway, as socle nas list shows it.") var id: Int64
        @Option(help: "Name in its certificate: a DNS name, a realm or the common name.") var certificateName: String?
        @Flag(help: "It has no certificate any more.") var noCertificate = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if (certificateName == nil) != noCertificate {
                throw ValidationError("one of --certificate-name and --no-certificate is needed")
            }
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                guard let server = try await administration.servers.find(NASID(id)) else {
                    throw Failure(.notFound, "there is no gateway \(id)", mend: "socle nas list shows them")
                }
                try await administration.servers.setCertificateName(certificateName, of: server.id)
                try await administration.record(
                    "nas.set", organisation: server.organisationID,
                    ["nas": server.name, "certificate": certificateName?.lowercased() ?? ""])
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the gateways, without their secrets.")

        @Option(help: "Only those of the site with this slug.") var site: String?
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        struct Entry: Encodable {
            let id: Int64
            let site, name, profile: String
            let source, identifier, certificateName: String?
            let messageAuthenticator: String
            let messageAuthenticatorSeenAt: Date?
            let secretOpens: Bool
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let chosen = if let site { try await administration.site(slug: site).id } else { SiteID?.none }
                let (servers, unreadable) = try await administration.servers.all()
                let slugs = Dictionary(
                    try await administration.sites.list().map { ($0.id, $0.slug.rawValue) }
                ) { first, _ in first }
                let entries = servers.filter { chosen == nil || $0.siteID == chosen }.map { server in
                    Entry(
                        id: server.id.rawValue, site: slugs[server.siteID] ?? "", name: server.name,
                        profile: server.profile,
                        source: server.source?.description, identifier: server.identifier,
                        certificateName: server.certificateName,
                        messageAuthenticator: server.messageAuthenticator.rawValue,
                        messageAuthenticatorSeenAt: server.messageAuthenticatorSeenAt, secretOpens: true)
                }
                if json { return try Console.json(entries) }
                var table = Table(
                    [
                        "id", "site", "name", "profile", "source", "identifier", "certificate",
                        "message-authenticator",
                    ], right: ["id"])
                for entry in entries {
                    let seen = entry.messageAuthenticatorSeenAt == nil ? "" : ", seen"
                    table.add([
                        "\(entry.id)", entry.site, entry.name, entry.profile, entry.source ?? "",
                        entry.identifier ?? "", entry.certificateName ?? "",
                        entry.messageAuthenticator + seen,
                    ])
                }
                Console.print(table.text)
                if !unreadable.isEmpty {
                    let ids = unreadable.map(\.description).joined(separator: ", ")
                    Console.error("the secrets of gateways \(ids) do not open under this installation key")
                }
            }
        }
    }
}

extension Configuration {
    /// The address of a site's page; with a placeholder for the host where no public URL is set.
    func portalURL(of slug: Slug) -> String {
        let scheme = portal.tls == nil ? "http" : "https"
        let port = portal.tls?.listen.port ?? portal.listen.port
        return "\(portal.publicURL ?? "\(scheme)://PORTAL:\(port)")/\(slug)"
    }
}
