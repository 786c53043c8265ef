import Synchronization

/// Opens once; those who came before wait for it. Bounded by the services of one process.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [AsyncStream<Void>.Continuation])>((false, []))

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters {
            waiter.yield()
            waiter.finish()
        }
    }

    /// Returns true once the gate is open, false when the task was cancelled first.
    func passed() async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiters.append(continuation) }
            return state.isOpen
        }
        if isOpen { return !Task.isCancelled }
        for await _ in stream { return true }
        return false
    }
}
