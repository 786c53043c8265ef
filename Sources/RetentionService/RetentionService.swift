internal import Evidence
internal import Foundation
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
public import Store
import Synchronization
internal import Territory

/// The retention daemon: takes records in from declared sources, keeps them in an encrypted journal, seals them into
/// segments and enters each into a transparency log. It can write and it cannot read.
///
/// `run` serves until a graceful shutdown or cancellation, seals what is open, and returns.
public final class RetentionService: Service {
    private let configuration: RetentionConfiguration
    private let stores: RetentionStores
    private let clock: RetentionClock
    private let logger: Logger
    private let files: DurableFiles
    private let state = Mutex(State())

    private struct State {
        var bound: [IntakeListeners.Bound]?
        var waiters: [CheckedContinuation<[IntakeListeners.Bound], Never>] = []
        var isStuck = false
    }

    /// A daemon over these parts of the store.
    public convenience init(
        configuration: RetentionConfiguration, stores: RetentionStores, clock: RetentionClock = .system, logger: Logger
    ) {
        self.init(configuration: configuration, stores: stores, clock: clock, files: DurableFiles(), logger: logger)
    }

    init(
        configuration: RetentionConfiguration, stores: RetentionStores, clock: RetentionClock, files: DurableFiles,
        logger: Logger
    ) {
        (self.configuration, self.stores, self.clock) = (configuration, stores, clock)
        (self.files, self.logger) = (files, logger)
    }

    /// Whether records cannot be made durable at the moment, so that none is taken in.
    public var isStuck: Bool { state.withLock { $0.isStuck } }

    /// Where it listens; waits until it does. Empty: it ended without.
    func boundAddresses() async -> [IntakeListeners.Bound] {
        await withCheckedContinuation { continuation in
            let bound = state.withLock { state -> [IntakeListeners.Bound]? in
                if state.bound == nil { state.waiters.append(continuation) }
                return state.bound
            }
            if let bound { continuation.resume(returning: bound) }
        }
    }

    /// Serves. Throws `RetentionError` when the archive cannot be opened or an address cannot be bound.
    public func run() async throws {
        defer { announce([]) }
        let works = try await RetentionWorks(configuration, stores, clock: clock, files: files, logger: logger)
        try await works.run(
            ready: { [self] bound in
                announce(bound)
                for one in bound {
                    logger.info(
                        "listening for the archive",
                        metadata: ["role": "\(one.role.rawValue)", "address": "\(one.host)", "port": "\(one.port)"])
                }
            }, stuck: { [self] isStuck in state.withLock { $0.isStuck = isStuck } })
        logger.info("the retention daemon has ended")
    }

    private func announce(_ bound: [IntakeListeners.Bound]) {
        let waiters = state.withLock { state in
            if state.bound == nil || bound.isEmpty { state.bound = bound }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: bound) }
    }
}

/// The parts of the store that the retention daemon works with.
public struct RetentionStores: Sendable {
    /// Who may send.
    public var sources: LogSources
    /// Decrees in force.
    public var injunctions: Injunctions
    /// What is sealed.
    public var catalogue: SegmentCatalogue
    /// What changed.
    public var changes: ChangeFeed

    /// These.
    public init(
        sources: LogSources, injunctions: Injunctions, catalogue: SegmentCatalogue, changes: ChangeFeed
    ) {
        (self.sources, self.injunctions, self.catalogue, self.changes) = (sources, injunctions, catalogue, changes)
    }
}
