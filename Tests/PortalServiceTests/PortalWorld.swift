import Foundation
import Logging
import OpenSSL
import Postgres
import Store
import Synchronization
import Territory

@testable import PortalService

/// A portal over a migrated scratch database, with a site of two packages and a gateway of each kind.
struct PortalWorld: Sendable {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let textsDirectory = root.appending(path: "config/portal").path
    /// Monday 1 June 2026, 10:00 in Paris.
    static let monday = Date(timeIntervalSince1970: 1_780_300_800)
    static let faskey = "1234567890abcdef"
    static let uamSecret = "uam-secret"
    static let phone = "02:00:5e:00:53:01"

    /// A clock that tests turn.
    final class Clock: Sendable {
        private let state = Mutex((date: PortalWorld.monday, instant: ContinuousClock.now))

        func advance(_ seconds: Int) {
            state.withLock { state in
                state.date.addTimeInterval(TimeInterval(seconds))
                state.instant += .seconds(seconds)
            }
        }

        var date: Date { state.withLock { $0.date } }
        var portalClock: PortalClock {
            PortalClock(date: { self.date }, instant: { self.state.withLock { $0.instant } })
        }
    }

    /// Silent unless SOCLE_TEST_LOG is set.
    static let logger =
        ProcessInfo.processInfo.environment["SOCLE_TEST_LOG"] == nil ? ScratchCluster.quiet : Logger(label: "portal")

    let owner: PostgresClient
    let client: PostgresClient
    let conninfo: String
    let keys: InstallationKeys
    let portal: Portal
    let clock: Clock
    /// A mairie: click-through, openNDS.
    let mairie: CreatedSite
    /// A shelter: voucher, then click-through, openNDS.
    let accueil: CreatedSite

    /// Runs `body` in a world of its own.
    static func with<Value: Sendable>(
        configuration: PortalConfiguration = PortalConfiguration(
            textsDirectory: PortalWorld.textsDirectory, databaseTimeout: .seconds(10)),
        cluster: ScratchCluster? = nil, _ body: (PortalWorld) async throws -> Value
    ) async throws -> Value {
        let cluster =
            if let cluster { cluster } else {
                try await ScratchCluster.shared(migrations: root.appending(path: "migrations").path, durable: false)
            }
        let conninfo = try await cluster.createDatabase()
        return try await Self.client(conninfo) { owner in
            try await Self.client(ScratchCluster.conninfo(conninfo, user: "socle_portal")) { client in
                let world = try await PortalWorld(owner: owner, client: client, conninfo: conninfo, configuration)
                return try await body(world)
            }
        }
    }

    private static func client<Value: Sendable>(
        _ conninfo: String, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        var configuration = PostgresConfiguration(conninfo: conninfo)
        configuration.transactionConnections = 2
        configuration.connectsEagerly = false
        return try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet, body)
    }

    private init(
        owner: PostgresClient, client: PostgresClient, conninfo: String, _ configuration: PortalConfiguration
    ) async throws {
        (self.owner, self.client, self.conninfo) = (owner, client, conninfo)
        keys = InstallationKeys(.random())
        clock = Clock()
        let equipment = try EquipmentLibrary.load(directory: Self.root.appending(path: "config/equipment"))
        portal = Portal(
            configuration: configuration, texts: try PortalTexts.load(from: configuration.textsDirectory),
            backend: PortalBackend(
                store: PortalStore(client, keys: keys), timeout: configuration.databaseTimeout, logger: Self.logger),
            equipment: PortalEquipment(equipment.profiles), clock: clock.portalClock, logger: Self.logger)
        let packages = try PackageLibrary.load(directory: Self.root.appending(path: "config/packages"))
        let commune = try await Organisations(owner).ensure(kind: .commune, name: "Vézelise", codeINSEE: "55533")
        let other = try await Organisations(owner).ensure(kind: .commune, name: "Val-d’Ornain", codeINSEE: "55366")
        mairie = try await Self.site(
            "mairie", in: commune.id, "mairie", packages, owner, keys,
            NewNAS(
                name: "mairie-ap-01", profile: "opennds", source: IPPrefix("10.90.0.2/32"),
                portalKey: Secret(text: Self.faskey)))
        accueil = try await Self.site(
            "accueil-social", in: other.id, "accueil", packages, owner, keys,
            NewNAS(
                name: "accueil-gw", profile: "opennds", identifier: "accueil-gw", portalKey: Secret(text: "another-key")
            ))
    }

    private static func site(
        _ package: String, in organisation: OrganisationID, _ slug: String, _ packages: PackageLibrary,
        _ owner: PostgresClient, _ keys: InstallationKeys, _ nas: NewNAS
    ) async throws -> CreatedSite {
        let release = try await Packages(owner).publish(try packages.resolve(package)).release
        return try await Sites(owner, keys: keys).create(
            NewSite(
                organisation: organisation, release: release.id, name: "Site \(slug)", slug: Slug(rawValue: slug),
                nas: nas))
    }

    /// A site of the mairie package behind another kind of gateway.
    func site(_ slug: String, profile: String, key: String?, package: String = "mairie") async throws -> CreatedSite {
        let packages = try PackageLibrary.load(directory: Self.root.appending(path: "config/packages"))
        let made = try await Self.site(
            package, in: mairie.site.organisationID, slug, packages, owner, keys,
            NewNAS(
                name: "\(slug)-gw", profile: profile, identifier: "\(slug)-gw", portalKey: key.map { Secret(text: $0) })
        )
        if key == nil {
            // A site is made with a key for its gateway; some gateways are set up without.
            _ = try await owner.write(
                "UPDATE territory.nas SET portal_key = NULL WHERE site_id = \(made.site.id)", repeatable: true)
        }
        return made
    }

    /// A voucher of a site's organisation.
    func voucher(
        _ site: CreatedSite, onlyThere: Bool = true, devices: Int = 1, from: TimeInterval = -60,
        until: TimeInterval = 86_400
    ) async throws -> VoucherCode {
        try await Vouchers(owner, keys: keys).create(
            NewVoucher(
                organisation: site.site.organisationID, site: onlyThere ? site.site.id : nil, devices: devices,
                validFrom: clock.date.addingTimeInterval(from), validUntil: clock.date.addingTimeInterval(until))
        ).code
    }

    /// The number that a query of the owner yields.
    func count(_ sql: SQL) async throws -> Int { try await owner.query(sql)[0].decode(Int.self, column: 0) }

    /// The text that a query of the owner yields.
    func text(_ sql: SQL) async throws -> String? { try await owner.query(sql)[0].decode(String?.self, column: 0) }
}
