internal import Foundation
internal import Logging
internal import Pacing
internal import RADIUS
internal import ServiceLifecycle
internal import Store
internal import Territory

/// The workers of one run of the daemon, and the order in which they end: first nothing new is received, then what has
/// been received is answered, then the workers that answered it stop.
struct AccessWorks: Sendable {
    let environment: AccessEnvironment
    let radSec: RadSecHub
    private let refresher: GatewayRefresher
    private let listener: ChangeListener
    private let learning: LearningWorker
    private let eap: EAPServer?
    private let spooling: Spooling?
    private let drainer: SpoolDrainer?
    private let deadlines: Deadlines
    private let authorization: AuthorizationClient
    private let outbox: OutboxWorker
    private let watcher: RightsWatcher
    /// What trusted systems ask; nil: nobody may.
    let trusted: AuthorizationServer?
    private let housekeeping: Housekeeping
    private let logger: Logger
    private let watch: DecisionWatch

    init(
        configuration: AccessConfiguration, stores: AccessStores, keys: InstallationKeys, profiles: EquipmentLibrary,
        dictionary: AttributeDictionary, watch: DecisionWatch, clock: AccessClock, logger: Logger
    ) async throws {
        var spooling: Spooling?
        if let path = configuration.spoolDirectory {
            spooling = await Spooling(try Spool(directory: path, maximumBytes: configuration.spoolBytes))
        }
        let calendar = SiteCalendar()
        let directory = GatewayDirectory(profiles: profiles, dictionary: dictionary, logger: logger)
        let parts = AccessParts(
            configuration: configuration, stores: stores, keys: keys, calendar: calendar, spooling: spooling,
            watch: watch, clock: clock, logger: logger)
        environment = try parts.environment(directory: directory)
        radSec = RadSecHub(
            environment: environment, limits: configuration.radSec?.limits ?? RadSecLimits(), logger: logger)
        refresher = GatewayRefresher(
            directory: directory, calendar: calendar, stores: stores,
            memory: configuration.spoolDirectory.map { GatewayMemory(directory: $0, keys: keys) }, health: parts.health,
            deadlines: parts.deadlines, logger: logger)
        listener = ChangeListener(
            feed: stores.changes, logins: parts.logins, notes: parts.notes, refresher: refresher, health: parts.health,
            clock: clock)
        learning = LearningWorker(directory: directory, servers: stores.servers, clock: clock, logger: logger)
        (drainer, eap) = (parts.drainer, parts.eap)
        authorization = try AuthorizationClient(clock: clock, parameters: configuration.authorizationRetransmission)
        outbox = OutboxWorker(
            outbox: stores.outbox, directory: directory, client: authorization, transport: radSec,
            dictionary: dictionary, clock: clock, interval: configuration.commandInterval, logger: logger)
        watcher = RightsWatcher(
            notes: parts.notes, sessions: stores.sessions, outbox: stores.outbox, directory: directory,
            health: parts.health, clock: clock, logger: logger)
        trusted = try configuration.authorizationListening.map { listening throws(AccessError) in
            let requests = IncomingRequests(
                sessions: stores.sessions, outbox: stores.outbox, directory: directory, logger: logger)
            return try AuthorizationServer(listening, requests: requests, clock: clock)
        }
        housekeeping = Housekeeping(
            stores: stores, directory: directory, writers: parts.writers, sightings: environment.unknownSources,
            accounts: environment.accountSightings, health: parts.health, configuration: configuration, clock: clock,
            logger: logger)
        (self.spooling, deadlines, self.logger, self.watch) = (spooling, parts.deadlines, logger, watch)
    }

    /// Learns which NAS there are before the first packet: from the store if it answers at once, else from the last run.
    private func begin() async {
        if let eap { eap.refresh() } else { logger.info("EAP is off: no certificate is configured") }
        refresher.recall()
        do {
            try await deadlines.run(environment.configuration.storeTimeout) { try await refresher.refresh() }
        } catch {
            environment.health.storeFailed(error)
            refresher.request()
        }
    }

    /// Serves until a graceful shutdown or cancellation, and ends in order. `ready` is called once packets are received.
    func run(_ packets: PacketListener, _ streams: RadSecListener?, ready: () -> Void) async throws {
        let background = Task.detached { await runBackground() }
        await begin()
        let answering = Task.detached { await runAnswering() }
        let logging = Task.detached { await environment.decisions.run() }
        let receiving = Task.detached { try await packets.run(environment) }
        let watching = Task.detached { await streams?.run() }
        ready()
        await waitForShutdown()
        await streams?.stopAccepting()
        // Detached on purpose: cancelling the caller must not cancel the writes that answers wait for. Each is awaited.
        let limit = environment.clock.monotonic() &+ environment.configuration.drainTimeout.clampedNanoseconds
        for mailbox in packets.mailboxes { mailbox.post(.drain(until: limit)) }
        let received = await receiving.result
        environment.lookups.inbox.close()
        environment.committers.close()
        environment.passwords.pool.close()
        environment.eap?.close()
        environment.proxy?.close()
        await answering.value
        environment.decisions.inbox.close()
        await logging.value
        await streams?.close()
        watching.cancel()
        await watching.value
        environment.directory.learned.close()
        spooling?.close()
        refresher.close()
        trusted?.close()
        authorization.close()
        background.cancel()
        await background.value
        try received.get()
    }

    private func waitForShutdown() async {
        // Throws when the task is cancelled, which is a shutdown too.
        try? await gracefulShutdown()
    }

    /// The workers that answers wait for.
    private func runAnswering() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await environment.lookups.run() }
            group.addTask { await environment.committers.run() }
            group.addTask { await environment.passwords.pool.run() }
            if let pool = environment.eap { group.addTask { await pool.run() } }
            if let proxy = environment.proxy { group.addTask { await proxy.run() } }
        }
    }

    private func runBackground() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await deadlines.watch() }
            group.addTask {
                await LoadReporter(environment: environment, spooling: spooling).run(
                    Ticker(interval: .seconds(1), clock: ContinuousClock()))
            }
            group.addTask {
                for await _ in Ticker(interval: .seconds(10), clock: ContinuousClock()) { watch.beat() }
            }
            group.addTask {
                await environment.decisions.tick(Ticker(interval: .seconds(1), clock: ContinuousClock()))
            }
            if let eap {
                group.addTask { await eap.run(Ticker(interval: .seconds(10), clock: ContinuousClock())) }
            }
            group.addTask { await listener.run() }
            group.addTask { await refresher.run() }
            group.addTask { await refresher.probe() }
            group.addTask { await learning.run() }
            group.addTask { await authorization.run() }
            group.addTask { await outbox.run() }
            group.addTask {
                await watcher.run(
                    interval: environment.configuration.rightsInterval,
                    sweepInterval: environment.configuration.maintenanceInterval)
            }
            if let trusted { group.addTask { await trusted.run() } }
            if let drainer { group.addTask { await drainer.run() } }
            group.addTask {
                let ticks = Ticker(interval: environment.configuration.maintenanceInterval, clock: ContinuousClock())
                await housekeeping.run(ticks)
            }
        }
    }
}
