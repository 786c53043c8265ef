internal import Dispatch
internal import Synchronization

/// Runs tasks on the thread of one write connection, between what the thread does for the connection itself.
///
/// A task that writes, waits and writes again changes threads four times for each write on other executors: to the
/// connection's thread and back, each a wake-up that costs more than what is done after it. Here it changes none. Meant for
/// tasks that do little but write: while one computes, the connection waits, and while libpq resolves the name of a host,
/// which blocks, the tasks wait. Before the client runs and after it has ended, tasks run on the global queue.
///
/// Bound: one entry for each task that is ready to run or pauses.
public final class ConnectionExecutor: TaskExecutor {
    private enum Phase {
        case elsewhere
        case onThread(Wakeup)
    }

    private struct Pause {
        let end: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var phase = Phase.elsewhere
        var jobs: [UnownedJob] = []
        var pauses: [Pause] = []

        mutating func takePauses(endingBy now: ContinuousClock.Instant) -> [Pause] {
            guard pauses.contains(where: { $0.end <= now }) else { return [] }
            defer { pauses.removeAll { $0.end <= now } }
            return pauses.filter { $0.end <= now }
        }
    }

    private let state = Mutex(State())

    init() {}

    /// Takes a job of the runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (isTaken, wakeup) = state.withLock { state -> (Bool, Wakeup?) in
            guard case .onThread(let wakeup) = state.phase else { return (false, nil) }
            state.jobs.append(job)
            return (true, state.jobs.count == 1 ? wakeup : nil)
        }
        if isTaken { wakeup?.signal() } else { runElsewhere([job]) }
    }

    /// Returns at an instant, some ten microseconds late. It wakes no other thread, which is what timers elsewhere cost. Returns
    /// at once while tasks do not run on the thread, and when the thread ends.
    public func pause(until end: ContinuousClock.Instant) async {
        guard end > .now else { return }
        await withCheckedContinuation { continuation in
            let wakeup = state.withLock { state -> Wakeup? in
                guard case .onThread(let wakeup) = state.phase else { return nil }
                state.pauses.append(Pause(end: end, continuation: continuation))
                return wakeup
            }
            if let wakeup { wakeup.signal() } else { continuation.resume() }
        }
    }

    /// When the first pause ends.
    var nextPause: ContinuousClock.Instant? { state.withLock { $0.pauses.map(\.end).min() } }

    /// From now on the thread that waits with `wakeup` runs what comes.
    func attach(_ wakeup: Wakeup) { state.withLock { $0.phase = .onThread(wakeup) } }

    /// The thread ends.
    func detach() {
        let (rest, pauses) = state.withLock { state in
            state.phase = .elsewhere
            defer { (state.jobs, state.pauses) = ([], []) }
            return (state.jobs, state.pauses)
        }
        for pause in pauses { pause.continuation.resume() }
        runElsewhere(rest)
    }

    /// Runs what is ready now, on the thread that calls; what becomes ready meanwhile is left for the next call.
    /// - Returns: false when there was nothing.
    func runReady() -> Bool {
        // Ended pauses make jobs, which are run at once.
        for pause in state.withLock({ $0.pauses.isEmpty ? [] : $0.takePauses(endingBy: .now) }) {
            pause.continuation.resume()
        }
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        return !jobs.isEmpty
    }

    private func runElsewhere(_ jobs: [UnownedJob]) {
        for job in jobs {
            DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }
}
