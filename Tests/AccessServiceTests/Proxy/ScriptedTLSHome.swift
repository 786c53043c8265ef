import CLinux
import Foundation
import Glibc
import OpenSSL
import RADIUS
import Synchronization
import Testing

/// A RadSec server that does what a test says: packets in, packets out. Blocking sockets, no framer of ours.
final class ScriptedTLSHome: Sendable {
    typealias Script = ScriptedHome.Script

    private struct State {
        var requests: [[UInt8]] = []
        var connections = 0
        var isStopped = false
    }

    let port: UInt16
    private let state = Mutex(State())
    private let threads = DispatchGroup()
    private let context: TLSContext
    private let drips: Bool

    /// - Parameters:
    ///   - drips: sends its answers octet by octet, one each 50 ms, each in a record of its own.
    ///   - script: what it answers; it ends the connection when it throws.
    init(
        port: UInt16 = 0, _ ground: RadSecGround, certificate: String = "server", drips: Bool = false,
        _ script: @escaping Script
    ) throws {
        context = try TLSContext(try ground.serverSettings(certificate))
        self.drips = drips
        let descriptor: Int32
        (descriptor, self.port) = try loopbackSocket(SOCK_STREAM, port)
        try #require(listen(descriptor, 16) == 0)
        start { [self] in
            while let client = accepts(descriptor) { start { [self] in serve(client, script) } }
            close(descriptor)
        }
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        threads.enter()
        Thread.detachNewThread { [threads] in
            body()
            threads.leave()
        }
    }

    private func isReadable(_ descriptor: Int32) -> Bool? {
        while !state.withLock(\.isStopped) {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&polled, 1, 20) > 0 { return true }
        }
        return nil
    }

    private func accepts(_ descriptor: Int32) -> Int32? {
        guard isReadable(descriptor) == true else { return nil }
        let client = accept(descriptor, nil, nil)
        return client >= 0 ? client : nil
    }

    private func serve(_ descriptor: Int32, _ script: Script) {
        defer { close(descriptor) }
        guard let session = try? TLSSession(context) else { return }
        var (buffered, isCounted): ([UInt8], Bool) = ([], false)
        do {
            while isReadable(descriptor) == true {
                var octets = [UInt8](repeating: 0, count: 16_384)
                let count = recv(descriptor, &octets, octets.count, 0)
                guard count > 0 else { return }
                try session.receive(octets[..<count])
                try TLSPeer.write(descriptor, session.takeOutput())
                if session.state == .handshaking { continue }
                if !isCounted { state.withLock { $0.connections += 1 } }
                isCounted = true
                buffered += try session.read(upTo: 131_072)
                if session.state == .closed { return }
                while let packet = Self.take(&buffered) { try answer(packet, session, descriptor, script) }
            }
        } catch {
            _ = try? TLSPeer.write(descriptor, session.takeOutput())
        }
    }

    private func answer(_ packet: [UInt8], _ session: TLSSession, _ descriptor: Int32, _ script: Script) throws {
        let before = state.withLock { state in
            state.requests.append(packet)
            return state.requests.count - 1
        }
        for reply in try script(packet, before) {
            for piece in drips ? reply.map({ [$0] }) : [reply] {
                try session.write(piece)
                try TLSPeer.write(descriptor, session.takeOutput())
                if drips { usleep(50_000) }
            }
        }
    }

    private static func take(_ buffer: inout [UInt8]) -> [UInt8]? {
        guard buffer.count >= 4 else { return nil }
        let length = Int(buffer[2]) << 8 | Int(buffer[3])
        guard buffer.count >= length else { return nil }
        defer { buffer.removeFirst(length) }
        return Array(buffer[..<length])
    }

    /// Everything received so far, over all connections.
    var requests: [[UInt8]] { state.withLock(\.requests) }

    /// Connections whose handshake was done.
    var connections: Int { state.withLock(\.connections) }

    /// Requests with a code.
    func count(_ code: PacketCode) -> Int { requests.filter { $0.first == code.rawValue }.count }

    /// Ends its connections and listens no more.
    func stop() async {
        state.withLock { $0.isStopped = true }
        await withCheckedContinuation { continuation in
            threads.notify(queue: .global()) { continuation.resume() }
        }
    }
}
