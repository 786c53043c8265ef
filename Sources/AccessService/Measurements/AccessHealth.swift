public import Foundation
internal import Logging
internal import Metrics
import Synchronization

/// What state the daemon is in, for the packet threads (is the store away?), the operator (logs, metrics) and `/health`.
public final class AccessHealth: Sendable {
    /// A snapshot of the state.
    public struct Status: Sendable, Hashable {
        /// Since when PostgreSQL does not answer; nil: it does.
        public var storeAwaySince: Date?
        /// Whether the change feed is up: without it logins are remembered for seconds only.
        public var feedIsUp: Bool
        /// Whether accounting goes through the spool.
        public var isSpooling: Bool
        /// Since when accounting is neither stored nor spooled, and so not answered; nil: it is.
        public var accountingRefusedSince: Date?
        /// Whether the daemon serves what it can: false only while accounting is refused.
        public var isServing: Bool { accountingRefusedSince == nil }
    }

    private struct State {
        var awaySince: Date?
        var feedIsUp = false
        var refusedSince: Date?
        var lastRefusalLogged = Date.distantPast
    }

    private let state = Mutex(State())
    private let isAway = Atomic<Bool>(false)
    private let feedUp = Atomic<Bool>(false)
    private let spooling: Spooling?
    private let clock: AccessClock
    private let logger: Logger
    private let storeGauge = Gauge(label: "socle_access_store_away")
    private let feedGauge = Gauge(label: "socle_access_feed_up")
    private let refusedGauge = Gauge(label: "socle_access_accounting_refused")
    private let unreadable = Counter(label: "socle_access_spool_unreadable_total")
    private let refusedRecords = Counter(label: "socle_access_records_refused_total")

    init(spooling: Spooling?, clock: AccessClock, logger: Logger) {
        (self.spooling, self.clock, self.logger) = (spooling, clock, logger)
    }

    /// What the state is now.
    public var status: Status {
        state.withLock {
            Status(
                storeAwaySince: $0.awaySince, feedIsUp: $0.feedIsUp, isSpooling: spooling?.isActive ?? false,
                accountingRefusedSince: $0.refusedSince)
        }
    }

    /// Whether the last that was heard of the store is that it does not answer: what can do without it does, and a probe
    /// finds out when it is back.
    var storeIsAway: Bool { isAway.load(ordering: .relaxed) }

    /// Whether the change feed tells us what changes.
    var feedIsUp: Bool { feedUp.load(ordering: .relaxed) }

    func storeSucceeded() {
        guard storeIsAway || state.withLock({ $0.refusedSince != nil }) else { return }
        isAway.store(false, ordering: .relaxed)
        let wasAway = state.withLock { state in
            defer { (state.awaySince, state.refusedSince) = (nil, nil) }
            return state.awaySince
        }
        storeGauge.record(0)
        refusedGauge.record(0)
        if wasAway != nil { logger.notice("PostgreSQL answers again") }
    }

    func storeFailed(_ error: any Error) {
        isAway.store(true, ordering: .relaxed)
        let now = clock.calendar()
        let isNew = state.withLock { state in
            guard state.awaySince == nil else { return false }
            state.awaySince = now
            return true
        }
        guard isNew else { return }
        storeGauge.record(1)
        logger.error(
            "PostgreSQL does not answer: known visitors keep logging in, accounting goes to the spool",
            metadata: ["error": "\(error)"])
    }

    func accountingRefused(_ error: any Error) {
        let now = clock.calendar()
        let isDue = state.withLock { state in
            state.refusedSince = state.refusedSince ?? now
            guard abs(now.timeIntervalSince(state.lastRefusalLogged)) >= 10 else { return false }
            state.lastRefusalLogged = now
            return true
        }
        refusedGauge.record(1)
        guard isDue else { return }
        logger.critical(
            "accounting is neither stored nor spooled and is not answered: the gateways' memory is all that holds it",
            metadata: ["error": "\(error)"])
    }

    /// The spool took records again, whatever the store does.
    func spoolSucceeded() {
        guard
            state.withLock({ state in
                defer { state.refusedSince = nil }
                return state.refusedSince != nil
            })
        else { return }
        refusedGauge.record(0)
        logger.notice("accounting is spooled and answered again")
    }

    func feedChanged(isUp: Bool) {
        guard feedUp.exchange(isUp, ordering: .relaxed) != isUp else { return }
        state.withLock { $0.feedIsUp = isUp }
        feedGauge.record(isUp ? 1 : 0)
        if isUp { logger.info("the change feed is up") } else { logger.warning("the change feed is down") }
    }

    func recordsUnreadable(_ count: Int) {
        unreadable.increment(by: count)
        logger.error("records of the spool cannot be read and are skipped", metadata: ["count": "\(count)"])
    }

    func recordsRefused(_ count: Int) {
        refusedRecords.increment(by: count)
        logger.error("PostgreSQL refuses accounting records, which are skipped", metadata: ["count": "\(count)"])
    }
}
