internal import Synchronization

/// What a private server's thread and the tasks that use it tell each other.
final class ServerState: Sendable {
    private enum Phase {
        case new, starting, running
        case ended(PostgresError?)
    }

    private struct State {
        var phase = Phase.new
        var mustStop = false
        var startWaiter: CheckedContinuation<PostgresError?, Never>?
        var endWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var mustStop: Bool { state.withLock { $0.mustStop } }
    func stop() { state.withLock { $0.mustStop = true } }

    /// True the first time.
    func begin() -> Bool {
        state.withLock { state in
            guard case .new = state.phase else { return false }
            state.phase = .starting
            return true
        }
    }

    /// Waits until the server is ready, or returns why it is not.
    func waitForStart(_ launch: @Sendable () -> Void) async -> PostgresError? {
        await withCheckedContinuation { continuation in
            state.withLock { $0.startWaiter = continuation }
            launch()
        }
    }

    /// Returns when the thread has ended; at once when it never began.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                switch state.phase {
                case .new, .ended: return true
                case .starting, .running:
                    state.endWaiters.append(continuation)
                    return false
                }
            }
            if isOver { continuation.resume() }
        }
    }

    func started() {
        let waiter = state.withLock { state in
            state.phase = .running
            defer { state.startWaiter = nil }
            return state.startWaiter
        }
        waiter?.resume(returning: nil)
    }

    func ended(_ error: PostgresError?) {
        let (start, ends) = state.withLock { state in
            state.phase = .ended(error)
            defer { (state.startWaiter, state.endWaiters) = (nil, []) }
            return (state.startWaiter, state.endWaiters)
        }
        start?.resume(returning: error ?? PostgresError(.closed))
        for waiter in ends { waiter.resume() }
    }
}
