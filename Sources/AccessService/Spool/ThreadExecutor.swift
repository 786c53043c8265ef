import CLinux
import Foundation

/// A serial executor with a thread of its own, for an actor whose work blocks in the kernel (fsync), which may never
/// happen on a cooperative thread.
///
/// Bound: one job for each caller that awaits the actor; the callers are the daemon's own few workers.
///
/// `@unchecked Sendable`: `jobs` and `isClosed` are touched only between `condition.lock()` and `unlock()`.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isClosed = false

    init(name: String) {
        let thread = Thread { [weak self] in
            socle_name_thread(name)
            while let (executor, job) = Self.next(self) {
                job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
        thread.start()
    }

    /// The thread ends after the jobs already enqueued. Called when the actor is no longer used.
    func close() {
        condition.lock()
        isClosed = true
        condition.signal()
        condition.unlock()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    private static func next(_ executor: ThreadExecutor?) -> (ThreadExecutor, UnownedJob)? {
        guard let executor else { return nil }
        executor.condition.lock()
        defer { executor.condition.unlock() }
        while executor.jobs.isEmpty {
            if executor.isClosed { return nil }
            executor.condition.wait()
        }
        return (executor, executor.jobs.removeFirst())
    }
}
