internal import CLinux
internal import Foundation

/// Interrupts a thread's `poll`: an eventfd.
final class Wakeup: Sendable {
    let descriptor: Int32

    /// Throws when the process has no file descriptor left.
    init() throws(PostgresError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        if descriptor < 0 { throw PostgresError(.configuration, "no file descriptor left") }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // EAGAIN means that the counter is full: the thread will wake anyway.
        _ = write(descriptor, &one, 8)
    }

    /// Waits until `socket` is ready for `events`, a signal comes or the deadline passes. Swallows signals.
    /// - Returns: what the socket is ready for, 0 when it is not; and whether a signal came.
    @discardableResult
    func wait(
        socket: Int32 = -1, events: Int32 = 0, until deadline: ContinuousClock.Instant?
    ) -> (events: Int32, isSignalled: Bool) {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0),
        ]
        let ready = poll(&descriptors, socket < 0 ? 1 : 2, Wakeup.milliseconds(until: deadline))
        guard ready > 0 else { return (0, false) }
        if descriptors[0].revents != 0 {
            var count: UInt64 = 0
            _ = read(descriptor, &count, 8)
        }
        return (Int32(descriptors[1].revents), descriptors[0].revents != 0)
    }

    /// Rounded up, so that a deadline has passed when `poll` times out; at most a minute at once.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline - ContinuousClock.now
        guard left > .zero else { return 0 }
        if left > .seconds(60) { return 60_000 }
        let parts = left.components
        return Int32(clamping: parts.seconds * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
