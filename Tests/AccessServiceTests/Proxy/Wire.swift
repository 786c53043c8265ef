import CLinux
import Glibc

@testable import AccessService

/// A UDP socket to a port of the loopback that waits for its answers: what stands between two programs in a test. It
/// belongs to the thread of a `ScriptedHome`.
final class Wire: @unchecked Sendable {
    // Invariant of @unchecked: one thread at a time uses it, that of the script it was made for.
    private let socket: ConnectedSocket
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4097, alignment: 8)

    init(to port: UInt16) throws {
        guard let address = PeerAddress(text: "127.0.0.1", port: port) else { throw AccessError(.socket, "address") }
        socket = try ConnectedSocket(to: address)
    }

    deinit { buffer.deallocate() }

    /// The answer to a datagram; nil when none comes within `milliseconds`.
    func exchange(_ datagram: [UInt8], milliseconds: Int32 = 5000) -> [UInt8]? {
        _ = socket.send(datagram)
        var polled = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, milliseconds) > 0, case .octets(let count) = socket.receive(into: buffer) else {
            return nil
        }
        return Array(buffer[..<count])
    }
}
