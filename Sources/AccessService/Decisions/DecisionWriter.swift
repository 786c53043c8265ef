internal import Foundation
internal import Logging
internal import Metrics
internal import Store
import Synchronization

/// Decisions that the log does not hold, because it could not keep up or the store was away.
final class ShedDecisions: Sendable {
    private let counter = Counter(label: "socle_access_log_shed_total")

    func count(_ decisions: Int) { counter.increment(by: Int64(decisions)) }
}

/// Shows decisions to those who watch and stores them in batches. Nothing waits for it: what it cannot store at the first
/// attempt is shed and counted.
final class DecisionWriter: Sendable {
    /// Batches that may wait.
    static let capacity = 64
    /// Batches taken at once: with what is held back, no more than one statement may store.
    private static let batches = 3

    let inbox = BatchInbox<DecisionBatch>(capacity: capacity)
    let shed = ShedDecisions()
    private let log: AuthenticationLog?
    private let watch: DecisionWatch
    private let directory: GatewayDirectory
    private let health: AccessHealth
    private let configuration: AccessConfiguration
    private let clock: AccessClock
    private let logger: Logger
    private let holdsBack = Atomic<Bool>(false)
    private let stored = Counter(label: "socle_access_log_events_total")

    /// `log` nil: nothing is stored.
    init(
        log: AuthenticationLog?, watch: DecisionWatch, directory: GatewayDirectory, health: AccessHealth,
        configuration: AccessConfiguration, clock: AccessClock, logger: Logger
    ) {
        (self.log, self.watch, self.directory, self.health) = (log, watch, directory, health)
        (self.configuration, self.clock, self.logger) = (configuration, clock, logger)
    }

    /// Serves until the inbox is closed and empty.
    func run() async {
        var repeats = RepeatedDecisions(window: configuration.logRepeatWindow.seconds)
        while true {
            let batches = await inbox.next(limit: Self.batches)
            if batches.isEmpty { break }
            guard log != nil || !watch.isIdle else { continue }
            let events = batches.flatMap(\.events)
            watch.publish(shown(events))
            guard log != nil else { continue }
            await store(repeats.fold(events) + repeats.take(at: clock.calendar()))
            holdsBack.store(!repeats.isEmpty, ordering: .relaxed)
        }
        await store(repeats.take(at: nil))
    }

    /// Looks at every tick, until the task is cancelled, whether something was held back for long enough.
    func tick(_ ticks: some AsyncSequence<Void, Never>) async {
        for await _ in ticks where holdsBack.load(ordering: .relaxed) { _ = inbox.append(DecisionBatch()) }
    }

    private func shown(_ events: [AuthenticationEvent]) -> [WatchedDecision] {
        let snapshot = directory.snapshot
        return events.map { WatchedDecision($0, in: snapshot) }
    }

    private func store(_ events: [AuthenticationEvent]) async {
        guard let log else { return }
        for start in stride(from: 0, to: events.count, by: AuthenticationLog.largestBatch) {
            let end = min(events.count, start + AuthenticationLog.largestBatch)
            await store(Array(events[start..<end]), in: log)
        }
    }

    private func store(_ events: [AuthenticationEvent], in log: AuthenticationLog) async {
        let decisions = events.reduce(0) { $0 + Int($1.repeats) }
        // Whoever answers requests finds out when it is back.
        guard !health.storeIsAway else { return shed.count(decisions) }
        do {
            try await log.store(events, by: configuration.nodeName)
            stored.increment(by: Int64(decisions))
        } catch {
            shed.count(decisions)
            logger.warning(
                "decisions are missing in the authentication log",
                metadata: ["count": "\(decisions)", "error": "\(error)"])
        }
    }
}
