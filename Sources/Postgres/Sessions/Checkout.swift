internal import Synchronization

/// A task that waits for a connection of its own. Any thread may finish it; the first to do so wins.
final class Checkout: Waiting {
    typealias Outcome = Result<Session, PostgresError>

    private enum State {
        /// The task has not come to wait yet.
        case fresh
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished(Outcome?)
    }

    /// Whether BEGIN and the settings are sent before the task gets the session.
    let isTransaction: Bool
    let settings: [Setting]
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State.fresh)

    init(isTransaction: Bool, settings: [Setting], deadline: ContinuousClock.Instant) {
        self.isTransaction = isTransaction
        self.settings = settings
        self.deadline = deadline
    }

    var isFinished: Bool {
        state.withLock { if case .finished = $0 { true } else { false } }
    }

    func begin(on worker: Wakeup) -> Bool { !isFinished }

    func fail(_ error: PostgresError) { _ = finish(.failure(error)) }

    /// False when it was finished before: a session offered so has no owner.
    func finish(_ outcome: Outcome) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            switch state {
            case .fresh:
                state = .finished(outcome)
                return (true, nil)
            case .waiting(let continuation):
                state = .finished(nil)
                return (true, continuation)
            case .finished: return (false, nil)
            }
        }
        continuation?.resume(returning: outcome)
        return isFirst
    }

    /// Waits for a session. `cancelled` is called, from any thread, if the task was cancelled before it had one.
    func wait(cancelled: @escaping @Sendable () -> Void) async throws(PostgresError) -> Session {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Outcome? in
                    if case .finished(let outcome) = state { return outcome ?? .failure(PostgresError(.closed)) }
                    state = .waiting(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            if finish(.failure(PostgresError(.cancelled))) { cancelled() }
        }
        return try outcome.get()
    }
}
