import CLinux
import Glibc

/// An eventfd that other threads ring and a packet thread polls.
final class WakeEvent: Sendable {
    let descriptor: Int32

    init() throws(AccessError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw AccessError(.socket, "eventfd: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Wakes the thread that polls; any number of rings before it looks count as one.
    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Takes back all rings so far.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
