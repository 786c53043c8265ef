internal import Foundation
internal import OpenSSL
internal import Store
internal import Territory

/// A copy of the NAS and their sites on the local disk, sealed under a key of the installation: what lets a daemon answer
/// accounting and known logins when it starts while PostgreSQL is away.
struct GatewayMemory: Sendable {
    private static let format = 1
    private static let associatedData = Array("socle access gateways".utf8)

    /// A NAS and its site as JSON keeps them.
    fileprivate struct Entry: Codable {
        var nas, organisation, site: Int64
        var name, profile: String
        var source: IPPrefix?
        var identifier: String?
        var certificateName: String?
        var secret: [UInt8]
        var policy: NAS.MessageAuthenticatorPolicy
        var seenAt: Date?
        var coaAddress: IPAddress?
        var coaPort: Int?
        var coaSecret: [UInt8]?
        var context: Context?
    }

    fileprivate struct Context: Codable {
        var release: Int64
        var slug, name, zone: String
        var status: Site.Status
        var rights: Rights
    }

    private struct Document: Codable {
        var format: Int
        var entries: [Entry]
    }

    private let directory: String
    private let key: [UInt8]

    /// In a directory that exists or can be made.
    init(directory: String, keys: InstallationKeys) {
        (self.directory, key) = (directory, keys.subkey("access-gateways"))
    }

    private var path: String { directory + "/gateways.sealed" }

    func save(_ entries: [(nas: NAS, site: SiteContext?)]) throws {
        try SpoolFile.makeDirectory(directory)
        let document = Document(format: Self.format, entries: entries.map { Self.entry($0.nas, $0.site) })
        let plain = Array(try JSONEncoder().encode(document))
        let sealed = try AESGCM.seal(plain, key: key, associatedData: Self.associatedData)
        try SpoolFile.replace(path, in: directory, with: sealed)
    }

    /// nil: there is none, or one of another format.
    func load() throws -> [(nas: NAS, site: SiteContext?)]? {
        guard let sealed = FileManager.default.contents(atPath: path) else { return nil }
        let plain = try AESGCM.open(Array(sealed), key: key, associatedData: Self.associatedData)
        let document = try JSONDecoder().decode(Document.self, from: Data(plain))
        guard document.format == Self.format else { return nil }
        return document.entries.map { ($0.server, $0.siteContext) }
    }

    private static func entry(_ nas: NAS, _ site: SiteContext?) -> Entry {
        Entry(
            nas: nas.id.rawValue, organisation: nas.organisationID.rawValue, site: nas.siteID.rawValue, name: nas.name,
            profile: nas.profile, source: nas.source, identifier: nas.identifier,
            certificateName: nas.certificateName, secret: nas.secret.bytes,
            policy: nas.messageAuthenticator, seenAt: nas.messageAuthenticatorSeenAt, coaAddress: nas.coaAddress,
            coaPort: nas.coaPort, coaSecret: nas.coaSecret?.bytes,
            context: site.map {
                Context(
                    release: $0.site.packageReleaseID.rawValue, slug: $0.site.slug.description, name: $0.site.name,
                    zone: $0.site.timeZone.identifier, status: $0.site.status, rights: $0.rights)
            })
    }
}

extension GatewayMemory.Entry {
    fileprivate var server: NAS {
        NAS(
            id: NASID(nas), organisationID: OrganisationID(organisation), siteID: SiteID(site), name: name,
            profile: profile, source: source, identifier: identifier, certificateName: certificateName,
            secret: Secret(secret),
            messageAuthenticator: policy, messageAuthenticatorSeenAt: seenAt, coaAddress: coaAddress, coaPort: coaPort,
            coaSecret: coaSecret.map(Secret.init))
    }

    fileprivate var siteContext: SiteContext? {
        guard let context, let slug = Slug(rawValue: context.slug) else { return nil }
        let place = Site(
            id: SiteID(site), organisationID: OrganisationID(organisation),
            packageReleaseID: PackageReleaseID(context.release), slug: slug, name: context.name, status: context.status,
            timeZone: Site.timeZone(named: context.zone))
        return SiteContext(site: place, rights: context.rights)
    }
}
