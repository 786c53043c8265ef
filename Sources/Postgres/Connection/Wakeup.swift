internal import CLinux
internal import Foundation
internal import Synchronization

/// Interrupts a thread's `poll`: an eventfd. The thread may run tasks before it waits.
final class Wakeup: Sendable {
    let descriptor: Int32
    private let executor: ConnectionExecutor?
    /// Signalled by the thread itself, which needs no system call for that.
    private let isSelfSignalled = Atomic(false)
    /// The thread that waits, once it has waited.
    private let waiter = Atomic<UInt>(0)

    /// Throws when the process has no file descriptor left.
    init(runs executor: ConnectionExecutor? = nil) throws(PostgresError) {
        self.executor = executor
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        if descriptor < 0 { throw PostgresError(.configuration, "no file descriptor left") }
    }

    deinit { close(descriptor) }

    /// Whether the calling thread is the one that waits here.
    var isOwn: Bool { waiter.load(ordering: .relaxed) == Self.thread }

    private static var thread: UInt { UInt(pthread_self()) }

    func signal() {
        if isOwn { return isSelfSignalled.store(true, ordering: .relaxed) }
        var one: UInt64 = 1
        // EAGAIN means that the counter is full: the thread will wake anyway.
        _ = write(descriptor, &one, 8)
    }

    /// Waits until `socket` is ready for `events`, a signal comes or the deadline passes. Swallows signals. Tasks that are
    /// ready to run are run first, which counts as a signal; so call it in a loop, and hold no lock.
    /// - Returns: what the socket is ready for, 0 when it is not; and whether a signal came.
    @discardableResult
    func wait(
        socket: Int32 = -1, events: Int32 = 0, until deadline: ContinuousClock.Instant?
    ) -> (events: Int32, isSignalled: Bool) {
        waiter.store(Self.thread, ordering: .relaxed)
        let hasRun = executor?.runReady() ?? false
        if isSelfSignalled.exchange(false, ordering: .relaxed) || hasRun { return (0, true) }
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0),
        ]
        let end = [deadline, executor?.nextPause].compactMap(\.self).min()
        let ready = socle_poll_nanoseconds(&descriptors, socket < 0 ? 1 : 2, Wakeup.nanoseconds(until: end))
        guard ready > 0 else { return (0, false) }
        if descriptors[0].revents != 0 {
            var count: UInt64 = 0
            _ = read(descriptor, &count, 8)
        }
        return (Int32(descriptors[1].revents), descriptors[0].revents != 0)
    }

    /// At most a minute at once; without a deadline for longer than we run.
    private static func nanoseconds(until deadline: ContinuousClock.Instant?) -> UInt64 {
        guard let deadline else { return UInt64(Int64.max) }
        let left = min(max(deadline - ContinuousClock.now, .zero), .seconds(60)).components
        return UInt64(left.seconds) * 1_000_000_000 + UInt64(left.attoseconds / 1_000_000_000) + 1
    }
}
