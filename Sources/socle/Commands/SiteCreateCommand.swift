import ArgumentParser
import Foundation
import Store
import Territory

/// `socle site create`: a site of a commune, from a package.
struct SiteCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a site from a package, and its gateway if one is named.",
        discussion: """
            The package's release is published if it is new, and the site pins it. Secrets of the gateway are made here and \
            shown once: type them into it. A gateway without --source and --identifier is known by the site's slug as its \
            NAS-Identifier.

            socle site create --commune 55533 --package mairie --name "Mairie de Vaucouleurs" \\
              --gateway vaucouleurs-1 --profile opennds --source 198.51.100.7
            """)

    @Option(help: "INSEE code of the commune or other body it belongs to.") var commune: String
    @Option(help: "Package, see socle package list.") var package: String
    @Option(help: "Name that visitors see.") var name: String
    @Option(help: "Path of its portal page; otherwise made of the name.") var slug: String?
    @Option(help: "What opening hours and daily quotas are read in.") var timeZone = "Europe/Paris"
    @Option(help: "Name of its gateway within the site.") var gateway: String?
    @OptionGroup var gatewayOptions: GatewayOptions
    @Flag(help: "Print JSON, secrets included.") var json = false
    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        if let slug, Slug(rawValue: slug) == nil {
            throw ValidationError("--slug: lowercase letters, digits and hyphens, at most 63")
        }
        if gateway != nil, gatewayOptions.profile == nil { throw ValidationError("--gateway needs --profile") }
        if gateway == nil, gatewayOptions.isGiven {
            throw ValidationError("--gateway is needed: the name of the gateway")
        }
    }

    func run() async throws {
        try await Administration.run(installation) { administration in
            let configuration = administration.configuration
            let plan = try PackageLibrary.load(directory: URL(filePath: configuration.paths.packages)).resolve(package)
            let organisation = try await administration.organisation(code: commune)
            var request = NewSite(
                organisation: organisation.id, release: try await administration.packages.publish(plan).release.id,
                name: name,
                slug: slug.flatMap { Slug(rawValue: $0) }, timeZone: timeZone)
            request.nas = try gateway.map { try gatewayOptions.request(name: $0, configuration) }
            let made = try await administration.sites.create(request)
            try await administration.record(
                "site.create", organisation: organisation.id, ["site": made.site.slug.rawValue, "package": package])
            try await CreatedSiteReport(made, organisation, administration).print(json: json)
        }
    }
}

/// `socle site clone`: the same for another commune.
struct SiteCloneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Make the same site for another commune: new secrets, no history.",
        discussion: """
            Takes the same release, networks, boxes and gateways. The new gateways have no source address yet: they are known \
            by their NAS-Identifier, made of the new slug.
            """)

    @Argument(help: "Slug of the site to take after.") var source: String
    @Option(help: "INSEE code of the commune it is for.") var commune: String
    @Option(help: "Name that visitors see; otherwise the same.") var name: String?
    @Option(help: "Path of its portal page; otherwise made of the name.") var slug: String?
    @Flag(help: "Print JSON, secrets included.") var json = false
    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        if let slug, Slug(rawValue: slug) == nil {
            throw ValidationError("--slug: lowercase letters, digits and hyphens, at most 63")
        }
    }

    func run() async throws {
        try await Administration.run(installation) { administration in
            let original = try await administration.site(slug: source)
            let organisation = try await administration.organisation(code: commune)
            let made = try await administration.sites.clone(
                original.id, for: organisation.id, name: name, slug: slug.flatMap { Slug(rawValue: $0) })
            try await administration.record(
                "site.clone", organisation: organisation.id,
                ["site": made.site.slug.rawValue, "source": original.slug.rawValue])
            try await CreatedSiteReport(made, organisation, administration).print(json: json)
        }
    }
}

/// What was made, with what has to be typed into gateways.
struct CreatedSiteReport: Encodable {
    struct Server: Encodable {
        let name, profile, secret: String
        let source, identifier, portalKey: String?
    }

    struct SSID: Encodable {
        let name, ssid, encryption, handoff: String
        let vlan: Int?
    }

    let slug, name, organisation, portalURL: String
    let networks: [SSID]
    let gateways: [Server]
    /// What the package asks for and the gateways cannot do, a sentence each.
    let notices: [String]
    private let lines: [String]

    private enum CodingKeys: String, CodingKey {
        case slug, name, organisation, portalURL, networks, gateways, notices
    }

    init(_ made: CreatedSite, _ organisation: Organisation, _ administration: Administration) async throws {
        let url = administration.configuration.portalURL(of: made.site.slug)
        notices = try await administration.accountNotices(of: made.site)
        (slug, name, self.organisation) = (made.site.slug.rawValue, made.site.name, organisation.name)
        portalURL = url
        networks = made.networks.map {
            SSID(
                name: $0.name, ssid: $0.ssid, encryption: $0.encryption.rawValue, handoff: $0.handoff.rawValue,
                vlan: $0.vlan)
        }
        gateways = made.servers.map {
            Server(
                name: $0.name, profile: $0.profile, secret: $0.secret.text ?? "", source: $0.source?.description,
                identifier: $0.identifier, portalKey: $0.portalKey?.text)
        }
        var lines = ["site \(slug): \(name), \(organisation.name)"]
        lines += networks.map {
            "  network \($0.name): SSID “\($0.ssid)”, \($0.encryption)\($0.vlan.map { ", VLAN \($0)" } ?? "")"
        }
        for server in made.servers { lines += GatewayOptions.lines(for: server, portalURL: url) }
        if made.servers.isEmpty { lines.append("  no gateway yet: socle nas add --site \(slug) …") }
        self.lines = lines + notices.map { "  note: \($0)" }
    }

    func print(json: Bool) throws {
        if json { try Console.json(self) } else { Console.print(lines.joined(separator: "\n")) }
    }
}
