internal import Foundation
public import Logging
internal import Metrics
public import RADIUS
public import ServiceLifecycle
public import Store
import Synchronization
public import Territory

/// The access daemon: RADIUS authentication and accounting over UDP and TLS, and the commands to the NAS.
///
/// `run` binds, serves until a graceful shutdown or cancellation, answers what it has received, and returns. It starts
/// with PostgreSQL away too: the NAS of the last run are then known from a sealed file beside the spool, accounting goes to
/// the spool, and logins wait for the store.
public final class AccessService: Service {
    private let configuration: AccessConfiguration
    private let stores: AccessStores
    private let keys: InstallationKeys
    private let profiles: EquipmentLibrary
    private let dictionary: AttributeDictionary
    private let clock: AccessClock
    private let logger: Logger
    private let watch: DecisionWatch
    private let state = Mutex(State())

    private struct State {
        var bound: [BoundAddress]?
        var waiters: [CheckedContinuation<[BoundAddress], Never>] = []
        var health: AccessHealth?
        var trusted: UInt16?
    }

    /// A daemon over these parts of the store.
    ///
    /// - Parameters:
    ///   - keys: of the installation: they open what the database holds sealed and derive the grants' passwords.
    ///   - profiles: equipment by name, as in `config/equipment`.
    ///   - dictionary: the attributes that the profiles name.
    ///   - watch: where its decisions can be watched until it ends.
    public init(
        configuration: AccessConfiguration, stores: AccessStores, keys: InstallationKeys, profiles: EquipmentLibrary,
        dictionary: AttributeDictionary, watch: DecisionWatch = DecisionWatch(), clock: AccessClock = .system,
        logger: Logger
    ) {
        (self.configuration, self.stores, self.keys) = (configuration, stores, keys)
        (self.profiles, self.dictionary, self.clock, self.logger) = (profiles, dictionary, clock, logger)
        self.watch = watch
    }

    /// Where it listens; waits until it does. Empty: it ended without.
    public func boundAddresses() async -> [BoundAddress] {
        await withCheckedContinuation { continuation in
            let bound = state.withLock { state -> [BoundAddress]? in
                if state.bound == nil { state.waiters.append(continuation) }
                return state.bound
            }
            if let bound { continuation.resume(returning: bound) }
        }
    }

    /// The UDP port on which trusted systems may ask; nil before it runs, or when none may.
    public var authorizationPort: UInt16? { state.withLock { $0.trusted } }

    /// What state it is in; nil before it runs.
    public var status: AccessHealth.Status? { state.withLock { $0.health }?.status }

    /// Serves. Throws `AccessError` when the configuration cannot be used, an address cannot be bound or the spool cannot
    /// be opened.
    public func run() async throws {
        defer {
            announce([])
            watch.close()
        }
        let faults = configuration.validate()
        guard faults.isEmpty else { throw AccessError(.configuration, faults.joined(separator: "; ")) }
        let threads = configuration.packetThreads ?? ProcessInfo.processInfo.activeProcessorCount
        let listener = try PacketListener(configuration, threads: max(1, threads))
        let works = try await AccessWorks(
            configuration: configuration, stores: stores, keys: keys, profiles: profiles, dictionary: dictionary,
            watch: watch, clock: clock, logger: logger)
        works.environment.mailboxes.replace(listener.mailboxes)
        state.withLock { state in
            state.health = works.environment.health
            state.trusted = works.trusted?.socket.bound.port
        }
        var radSec: RadSecListener?
        if let settings = configuration.radSec {
            radSec = try await RadSecListener(
                settings, addresses: configuration.addresses, hub: works.radSec, logger: logger)
        }
        try await works.run(listener, radSec) { ready(listener, radSec) }
        logger.info("the access daemon has ended")
    }

    private func ready(_ listener: PacketListener, _ radSec: RadSecListener?) {
        var all = listener.bound
        if let radSec { for (index, port) in zip(all.indices, radSec.ports) { all[index].radSecPort = port } }
        announce(all)
        for bound in all {
            logger.info(
                "listening for RADIUS",
                metadata: [
                    "address": "\(bound.address)", "authentication": "\(bound.authenticationPort)",
                    "accounting": "\(bound.accountingPort)", "radsec": "\(bound.radSecPort.map(String.init) ?? "-")",
                    "threads": "\(listener.sockets.count)",
                ])
        }
    }

    private func announce(_ bound: [BoundAddress]) {
        let waiters = state.withLock { state in
            if state.bound == nil || bound.isEmpty { state.bound = bound }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: bound) }
    }
}
