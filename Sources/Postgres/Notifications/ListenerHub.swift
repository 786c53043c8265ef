internal import Synchronization

/// Who listens to what.
final class ListenerHub: Sendable {
    struct Subscription {
        let channels: [String]
        let continuation: AsyncStream<ListenEvent>.Continuation
        /// Told `listening` since the last loss or overflow.
        var isCurrent = false
    }

    private struct State {
        var subscriptions: [Int: Subscription] = [:]
        var nextID = 0
        var wakeup: Wakeup?
        var isStopped = false
    }

    /// Events a subscriber may leave unread; then events are dropped and `listening` says so.
    static let bufferedEvents = 4096

    private let state = Mutex(State())

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Every channel somebody listens to.
    var channels: Set<String> {
        state.withLock { state in Set(state.subscriptions.values.flatMap(\.channels)) }
    }

    func attach(_ wakeup: Wakeup) { state.withLock { $0.wakeup = wakeup } }

    func subscribe(_ channels: [String]) -> AsyncStream<ListenEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ListenEvent.self, bufferingPolicy: .bufferingOldest(ListenerHub.bufferedEvents))
        let id = state.withLock { state -> Int? in
            if state.isStopped { return nil }
            state.nextID += 1
            state.subscriptions[state.nextID] = Subscription(channels: channels, continuation: continuation)
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.unsubscribe(id) }
        wake()
        return stream
    }

    private func unsubscribe(_ id: Int) {
        _ = state.withLock { $0.subscriptions.removeValue(forKey: id) }
        wake()
    }

    func stop() {
        let subscriptions = state.withLock { state in
            state.isStopped = true
            defer { state.subscriptions = [:] }
            return state.subscriptions
        }
        for subscription in subscriptions.values { subscription.continuation.finish() }
        wake()
    }

    private func wake() { state.withLock { $0.wakeup }?.signal() }

    // MARK: The thread's side

    /// The server listens to these channels for us: whoever waited for that is told.
    func announce(_ active: Set<String>) {
        deliver { $0.isCurrent || !active.isSuperset(of: $0.channels) ? nil : .listening }
    }

    func lost() { deliver { $0.isCurrent ? .lost : nil } }

    func notify(channel: String, payload: String) {
        deliver { subscription in
            guard subscription.channels.contains(channel) else { return nil }
            return subscription.isCurrent ? .notification(channel: channel, payload: payload) : nil
        }
    }

    /// Not yielded under the lock: `yield` wakes a task, for which the runtime locks that task, and who cancels the task holds
    /// that lock while its subscription ends here. All see the same order because one thread alone delivers.
    private func deliver(_ event: (Subscription) -> ListenEvent?) {
        let due = state.withLock { state in
            state.subscriptions.compactMap { id, subscription in
                event(subscription).map { (id, subscription.continuation, $0) }
            }
        }
        for (id, continuation, event) in due {
            let isStored = if case .enqueued = continuation.yield(event) { true } else { false }
            // A full buffer lost this event: `listening` comes once there is room again.
            state.withLock { $0.subscriptions[id]?.isCurrent = isStored && event != .lost }
        }
    }

    /// Someone is behind: they missed events and have not been told.
    var hasOverflow: Bool { state.withLock { $0.subscriptions.values.contains { !$0.isCurrent } } }
}
