internal import Synchronization

/// Something that waits in a lane.
protocol Waiting: AnyObject, Sendable {
    var deadline: ContinuousClock.Instant { get }
    /// Already answered: cancelled while it waited.
    var isFinished: Bool { get }
    /// Marks it as in the hands of a thread. False when it is finished already.
    func begin(on worker: Wakeup) -> Bool
    func fail(_ error: PostgresError)
}

/// One statement on its way, and the task that waits for it. Any thread may finish it; the first to do so wins.
final class Call: Waiting {
    typealias Outcome = Result<Rows, PostgresError>

    /// How it is sent.
    enum Mode: Sendable {
        /// As a prepared statement, with parameters.
        case prepared
        /// By the simple protocol: any number of statements, no parameters. In a session only.
        case script
        /// The same, as the last of its transaction or session.
        case end
        /// The statement starts COPY … FROM STDIN; then come data and their end. In a session only.
        case copyStart
        case copyData([UInt8])
        /// With a reason the server rolls it back.
        case copyEnd(failing: String?)
    }

    private enum State {
        /// The task has not come to wait yet.
        case fresh
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished(Outcome?)
    }

    private struct Shared {
        var state = State.fresh
        /// The thread that is working on it.
        var worker: Wakeup?
        var isCancelled = false
        var losses = 0

        /// The first outcome counts. Returns who is to be told it.
        mutating func finish(_ outcome: Outcome) -> CheckedContinuation<Outcome, Never>? {
            switch state {
            case .fresh:
                state = .finished(outcome)
                return nil
            case .waiting(let continuation):
                state = .finished(nil)
                return continuation
            case .finished: return nil
            }
        }
    }

    let sql: SQL
    let mode: Mode
    let settings: [Setting]
    let repeatable: Bool
    let deadline: ContinuousClock.Instant
    private let shared = Mutex(Shared())

    init(
        _ sql: SQL, mode: Mode = .prepared, settings: [Setting] = [], repeatable: Bool = false,
        deadline: ContinuousClock.Instant
    ) {
        self.sql = sql
        self.mode = mode
        self.settings = settings
        self.repeatable = repeatable
        self.deadline = deadline
    }

    var isFinished: Bool {
        shared.withLock { if case .finished = $0.state { true } else { false } }
    }

    /// The error it ended with, if nobody waits for it and it did.
    var failure: PostgresError? {
        shared.withLock { if case .finished(.failure(let error)) = $0.state { error } else { nil } }
    }

    /// Set when the task was cancelled while the statement was in flight.
    var isCancelled: Bool { shared.withLock { $0.isCancelled } }

    func begin(on worker: Wakeup) -> Bool {
        shared.withLock { shared in
            if case .finished = shared.state { return false }
            shared.worker = worker
            return true
        }
    }

    /// How often the connection was lost under it.
    var losses: Int { shared.withLock { $0.losses } }

    /// Back from flight: it will be sent again, unless its task was cancelled meanwhile.
    func returnToQueue() {
        let isCancelled = shared.withLock { shared in
            shared.worker = nil
            shared.losses += 1
            return shared.isCancelled
        }
        if isCancelled { fail(PostgresError(.cancelled)) }
    }

    func finish(_ outcome: Outcome) {
        let continuation = shared.withLock { $0.finish(outcome) }
        continuation?.resume(returning: outcome)
    }

    func fail(_ error: PostgresError) { finish(.failure(error)) }

    /// Waits for the outcome whether or not the task is cancelled. What is awaited so must be short.
    func waitShielded() async throws(PostgresError) -> Rows {
        try await withCheckedContinuation { attach($0) }.get()
    }

    private func attach(_ continuation: CheckedContinuation<Outcome, Never>) {
        let early = shared.withLock { shared -> Outcome? in
            if case .finished(let outcome) = shared.state { return outcome ?? .failure(PostgresError(.closed)) }
            shared.state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(returning: early) }
    }

    /// Waits for the outcome. `cancelled` is called, from any thread, if that ended a call that was still waiting.
    func wait(cancelled: @escaping @Sendable () -> Void) async throws(PostgresError) -> Rows {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { attach($0) }
        } onCancel: {
            if cancel() { cancelled() }
        }
        return try outcome.get()
    }

    /// True when it was waiting and is finished now; one in flight is left to its thread.
    private func cancel() -> Bool {
        let outcome = Outcome.failure(PostgresError(.cancelled))
        let (worker, isFirst, continuation) = shared.withLock { shared in
            shared.isCancelled = true
            if case .finished = shared.state {
                return (nil as Wakeup?, false, nil as CheckedContinuation<Outcome, Never>?)
            }
            if let worker = shared.worker { return (worker, false, nil) }
            return (nil, true, shared.finish(outcome))
        }
        worker?.signal()
        continuation?.resume(returning: outcome)
        return isFirst
    }
}
