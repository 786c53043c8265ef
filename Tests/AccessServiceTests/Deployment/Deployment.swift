import AccessService
import Foundation
import Logging
import Postgres
import RADIUS
import ServiceLifecycle
import Store
import Territory

/// The daemon running on free ports of the loopback, over a database of its own.
struct Deployment: Sendable {
    let ground: Ground
    let service: AccessService
    let access: PostgresClient
    let bound: [BoundAddress]

    var authenticationPort: UInt16 { bound.first?.authenticationPort ?? 0 }
    var accountingPort: UInt16 { bound.first?.accountingPort ?? 0 }

    /// Runs `body` against a daemon; afterwards the daemon has ended in order.
    static func with(
        nas: NewNAS = .loopback(), configure: (inout AccessConfiguration) -> Void = { _ in },
        clock: AccessClock = .system, watch: DecisionWatch = DecisionWatch(),
        adjust: (inout [String: Any]) -> Void = { _ in }, groups: [String: [String: Any]] = [:],
        retention: [String: Int] = [:], _ body: (Deployment) async throws -> Void
    ) async throws {
        let cluster = try await ScratchCluster.shared(
            migrations: Ground.root.appending(path: "migrations").path, durable: false)
        let conninfo = try await cluster.createDatabase()
        try await client(conninfo) { owner in
            let ground = try await Ground.prepare(
                conninfo, keys: InstallationKeys(.random()), owner: owner, nas: nas, adjust: adjust,
                groups: groups, retention: retention)
            try await run(ground, configure: configure, clock: clock, watch: watch, body)
        }
    }

    /// Runs the daemon on prepared ground.
    static func run(
        _ ground: Ground, configure: (inout AccessConfiguration) -> Void = { _ in }, clock: AccessClock = .system,
        watch: DecisionWatch = DecisionWatch(), _ body: (Deployment) async throws -> Void
    ) async throws {
        var configuration = AccessConfiguration()
        configuration.addresses = ["127.0.0.1"]
        (configuration.authenticationPort, configuration.accountingPort) = (0, 0)
        configuration.packetThreads = 2
        configure(&configuration)
        try await client(ScratchCluster.conninfo(ground.conninfo, user: "socle_access")) { access in
            let service = AccessService(
                configuration: configuration, stores: stores(access, ground.keys), keys: ground.keys,
                profiles: try EquipmentLibrary.load(directory: Ground.root.appending(path: "config/equipment")),
                dictionary: try AttributeDictionary(directory: Ground.root.appending(path: "config/dictionaries").path),
                watch: watch, clock: clock, logger: logger)
            let group = ServiceGroup(services: [service], logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let bound = await service.boundAddresses()
                do {
                    try await body(Deployment(ground: ground, service: service, access: access, bound: bound))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    static func stores(_ client: PostgresClient, _ keys: InstallationKeys) -> AccessStores {
        AccessStores(
            servers: NASDirectory(client, keys: keys), sites: Sites(client, keys: keys), packages: Packages(client),
            logins: LoginLookup(client, keys: keys), sessions: SessionStore(client), usage: UsageStore(client),
            changes: ChangeFeed(client, logger: logger), outbox: Outbox(client),
            unknownSources: UnknownSources(client), accounts: Accounts(client),
            authenticationLog: AuthenticationLog(client))
    }

    static func client(_ conninfo: String, _ body: (PostgresClient) async throws -> Void) async throws {
        var configuration = PostgresConfiguration(conninfo: conninfo)
        configuration.transactionConnections = 1
        configuration.outageTolerance = .seconds(1)
        try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet, body)
    }

    static let logger: Logger = {
        var logger = Logger(label: "access")
        logger.logLevel = ProcessInfo.processInfo.environment["SOCLE_TEST_LOG"] == nil ? .critical : .debug
        return logger
    }()
}
