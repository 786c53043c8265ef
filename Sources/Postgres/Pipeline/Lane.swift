internal import Synchronization

/// What waits for one kind of connection, and the threads that serve it. Bounded: beyond `capacity` it refuses.
final class Lane<Item: Waiting>: Sendable {
    private enum Phase {
        case open
        /// Takes nothing new; what waits is still served until the deadline.
        case draining(until: ContinuousClock.Instant)
    }

    private struct State {
        var waiting = Fifo<Item>()
        /// Cancelled items that still lie in `waiting`. An item may be taken out just before its cancellation is
        /// noted, so this can be short by a few for a moment; it never drifts.
        var tombstones = 0
        var nextDeadline: ContinuousClock.Instant?
        var idle: [Wakeup] = []
        var workers: [Wakeup] = []
        var phase = Phase.open
        var connected = 0
        /// Since when there is no connection, once an attempt has failed.
        var outageSince: ContinuousClock.Instant?
        var counters = LaneCounters()

        /// A thread to be signalled: the calling one if it is among the idle, which then needs no wake-up.
        mutating func takeIdle() -> Wakeup? {
            if let own = idle.firstIndex(where: \.isOwn) { return idle.remove(at: own) }
            return idle.popLast()
        }
    }

    let capacity: Int
    private let outageTolerance: Duration?
    private let state = Mutex(State())

    init(capacity: Int, outageTolerance: Duration?) {
        self.capacity = capacity
        self.outageTolerance = outageTolerance
    }

    // MARK: Callers

    func submit(_ item: Item) throws(PostgresError) {
        let (wakeup, refusal) = state.withLock { state -> (Wakeup?, PostgresError.Code?) in
            guard case .open = state.phase else { return (nil, .closed) }
            guard state.waiting.count - state.tombstones < capacity else {
                state.counters.refused += 1
                return (nil, .queueFull)
            }
            if isOut(state, now: nil) { return (nil, .connectionFailed) }
            state.waiting.append(item)
            state.nextDeadline = min(state.nextDeadline ?? item.deadline, item.deadline)
            return (state.takeIdle(), nil)
        }
        wakeup?.signal()
        if let refusal { throw PostgresError(refusal) }
    }

    /// An item that waits was cancelled. Its place counts no more; its memory goes when many have gathered.
    func noteCancelled() {
        state.withLock { state in
            state.tombstones += 1
            guard state.tombstones > 64, state.tombstones * 2 > state.waiting.count else { return }
            state.tombstones -= state.waiting.removeAll { $0.isFinished }.count
        }
    }

    // MARK: Threads

    /// Up to `limit` items; when there are none the thread is registered as idle and will be signalled.
    func take(_ limit: Int, for wakeup: Wakeup) -> [Item] {
        state.withLock { state in
            state.idle.removeAll { $0 === wakeup }
            var taken: [Item] = []
            while taken.count < limit, let item = state.waiting.popFirst() {
                if item.begin(on: wakeup) { taken.append(item) } else { state.tombstones -= 1 }
            }
            if taken.isEmpty {
                state.idle.append(wakeup)
                state.nextDeadline = nil
            } else {
                state.counters.batches += 1
                state.counters.inFlight += taken.count
            }
            return taken
        }
    }

    /// Registers the thread as idle if nothing waits; it will be signalled.
    func registerIfEmpty(_ wakeup: Wakeup) -> Bool {
        state.withLock { state in
            state.idle.removeAll { $0 === wakeup }
            guard state.waiting.isEmpty else { return false }
            state.idle.append(wakeup)
            return true
        }
    }

    /// Items that come back from a lost connection go before all others: they are older.
    func finished(_ count: Int, again: [Item] = []) {
        let wakeup = state.withLock { state -> Wakeup? in
            state.counters.inFlight -= count
            state.counters.completed += count - again.count
            guard !again.isEmpty else { return nil }
            state.counters.resent += again.count
            state.waiting.prepend(again)
            let earliest = again.map(\.deadline).min()
            state.nextDeadline = [state.nextDeadline, earliest].compactMap(\.self).min()
            return state.idle.popLast()
        }
        wakeup?.signal()
    }

    /// Fails what has waited too long, or waits in vain.
    /// - Returns: when to call again.
    func expire(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (expired, error, next) = state.withLock { state -> ([Item], PostgresError, ContinuousClock.Instant?) in
            let out = isOut(state, now: now)
            let error = PostgresError(state.connected == 0 ? .connectionFailed : .timeout)
            guard out || state.nextDeadline.map({ $0 <= now }) ?? false else { return ([], error, nextExpiry(state)) }
            state.tombstones -= state.waiting.removeAll { $0.isFinished }.count
            let expired = state.waiting.removeAll { out || $0.deadline <= now }
            var earliest: ContinuousClock.Instant?
            _ = state.waiting.removeAll { item in
                earliest = min(earliest ?? item.deadline, item.deadline)
                return false
            }
            state.nextDeadline = earliest
            state.counters.expired += expired.count
            return (expired, error, nextExpiry(state))
        }
        for item in expired { item.fail(error) }
        return next
    }

    func register(_ wakeup: Wakeup) {
        state.withLock { state in
            state.workers.append(wakeup)
            state.counters.threads += 1
        }
    }

    func connected() {
        state.withLock { state in
            state.connected += 1
            state.outageSince = nil
            state.counters.connects += 1
        }
    }

    /// The thread's connection is gone. If it had just been signalled, another one takes over.
    func disconnected(_ wakeup: Wakeup) {
        let other = state.withLock { state -> Wakeup? in
            state.connected -= 1
            state.idle.removeAll { $0 === wakeup }
            return state.waiting.isEmpty ? nil : state.idle.popLast()
        }
        other?.signal()
    }

    func connectFailed(now: ContinuousClock.Instant) {
        state.withLock { state in
            state.counters.failedConnects += 1
            if state.connected == 0, state.outageSince == nil { state.outageSince = now }
        }
    }

    // MARK: Ending

    func drain(until deadline: ContinuousClock.Instant) {
        let workers = state.withLock { state -> [Wakeup] in
            state.phase = .draining(until: deadline)
            return state.workers
        }
        for worker in workers { worker.signal() }
    }

    /// When the threads must stop; nil while open.
    var stopDeadline: ContinuousClock.Instant? {
        state.withLock { if case .draining(let deadline) = $0.phase { deadline } else { nil } }
    }

    var isEmpty: Bool { state.withLock { $0.waiting.count - $0.tombstones <= 0 } }

    /// With cancelled ones, for tests of the bound.
    var rawCount: Int { state.withLock { $0.waiting.count } }

    /// No thread is left: whoever still waits is told so.
    func close() {
        let rest = state.withLock { state -> [Item] in
            if case .open = state.phase { state.phase = .draining(until: .now) }
            return state.waiting.removeAll { _ in true }
        }
        for item in rest { item.fail(PostgresError(.closed)) }
    }

    var statistics: LaneStatistics {
        state.withLock { state in
            LaneStatistics(
                connected: state.connected, waiting: max(0, state.waiting.count - state.tombstones),
                counters: state.counters)
        }
    }

    private func isOut(_ state: borrowing State, now: ContinuousClock.Instant?) -> Bool {
        guard let outageTolerance, state.connected == 0, let since = state.outageSince else { return false }
        return since + outageTolerance <= now ?? .now
    }

    private func nextExpiry(_ state: borrowing State) -> ContinuousClock.Instant? {
        guard let outageTolerance, state.connected == 0, let since = state.outageSince, !state.waiting.isEmpty else {
            return state.nextDeadline
        }
        return min(state.nextDeadline ?? since + outageTolerance, since + outageTolerance)
    }
}
