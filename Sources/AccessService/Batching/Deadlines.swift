internal import Pacing
import Synchronization

/// Deadlines for calls to the store: a call that has not ended by then is cancelled, awaited and reported as `Expired`.
///
/// One ticker watches all of them, ten times a second; a timer for each call costs more than many a call. So a deadline is
/// kept to a tenth of a second. Bound: one entry for each call under way.
final class Deadlines: Sendable {
    struct Expired: Error, CustomStringConvertible {
        var description: String { "no answer in time" }
    }

    private struct Entry {
        var deadline: UInt64
        var hasExpired = false
        var cancel: @Sendable () -> Void
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var next: UInt64 = 0
    }

    private static let interval: Duration = .milliseconds(100)
    private let state = Mutex(State())
    private let clock: AccessClock

    init(clock: AccessClock) { self.clock = clock }

    /// Runs `body` with a deadline, on `executor` if there is one. Throws `Expired`, or what `body` throws.
    func run<Value: Sendable>(
        _ limit: Duration, on executor: (any TaskExecutor)? = nil,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Awaited below in every case: a task of its own only so that it can be cancelled alone.
        let task = Task(executorPreference: executor) { try await body() }
        let deadline = clock.monotonic() &+ limit.clampedNanoseconds
        let number = state.withLock { state -> UInt64 in
            state.next &+= 1
            state.entries[state.next] = Entry(deadline: deadline, cancel: { task.cancel() })
            return state.next
        }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        let entry = state.withLock { $0.entries.removeValue(forKey: number) }
        if case .failure = result, entry?.hasExpired == true { throw Expired() }
        return try result.get()
    }

    /// Watches until the task is cancelled.
    func watch() async {
        for await _ in Ticker(interval: Self.interval, clock: ContinuousClock()) {
            let now = clock.monotonic()
            let overdue = state.withLock { state in
                var overdue: [@Sendable () -> Void] = []
                for (number, entry) in state.entries where entry.deadline <= now && !entry.hasExpired {
                    state.entries[number]?.hasExpired = true
                    overdue.append(entry.cancel)
                }
                return overdue
            }
            for cancel in overdue { cancel() }
        }
    }
}
