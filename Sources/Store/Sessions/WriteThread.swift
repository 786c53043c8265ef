internal import Postgres

/// The thread of a connection for writes, on which a task that writes one batch after the other may run: a batch then needs
/// no change of thread. Of threads with several such tasks, one prepares its batch while another's is at the server.
public struct WriteThread: Sendable {
    private let thread: ConnectionExecutor

    init(_ thread: ConnectionExecutor) { self.thread = thread }

    /// What to start the task on.
    public var executor: any TaskExecutor { thread }

    /// Returns at an instant, some ten microseconds late; for tasks on this thread.
    public func pause(until end: ContinuousClock.Instant) async { await thread.pause(until: end) }
}
