import Foundation
import Glibc
import RADIUS
import Synchronization
import Testing

/// A home server that does what a test says: datagrams in, datagrams out.
final class ScriptedHome: Sendable {
    typealias Script = @Sendable ([UInt8], Int) throws -> [[UInt8]]

    let port: UInt16
    private let received = Mutex<[[UInt8]]>([])
    private let stopped = Mutex(false)
    private let finished = DispatchSemaphore(value: 0)

    /// Calls `script` with each request and how many came before it; what it returns is sent back.
    init(port: UInt16 = 0, _ script: @escaping Script) throws {
        let descriptor: Int32
        (descriptor, self.port) = try loopbackSocket(SOCK_DGRAM, port)
        Thread.detachNewThread { [self] in serve(descriptor, script) }
    }

    private func serve(_ descriptor: Int32, _ script: Script) {
        while !stopped.withLock(\.self) {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, 20) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4097)
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                    let count = recvfrom(descriptor, &buffer, buffer.count, 0, peer, &length)
                    guard count > 0 else { return }
                    let request = Array(buffer[..<count])
                    let before = received.withLock { received in
                        received.append(request)
                        return received.count - 1
                    }
                    for reply in (try? script(request, before)) ?? [] {
                        _ = sendto(descriptor, reply, reply.count, 0, peer, length)
                    }
                }
            }
        }
        close(descriptor)
        finished.signal()
    }

    /// Everything received so far.
    var requests: [[UInt8]] { received.withLock(\.self) }

    /// Requests with a code.
    func count(_ code: PacketCode) -> Int { requests.filter { $0.first == code.rawValue }.count }

    /// Closes the socket: from now on its port is unreachable.
    func stop() async {
        stopped.withLock { $0 = true }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                self.finished.wait()
                continuation.resume()
            }
        }
    }

    static let secret = "between-us-and-home"

    /// A signed reply to a request.
    static func reply(
        _ code: PacketCode, to request: [UInt8], secret: String = ScriptedHome.secret, attributes: [Attribute] = []
    ) throws -> [UInt8] {
        let secret = try SharedSecret(Array(secret.utf8))
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try request.withPacketView { view throws(RADIUSError) in
            try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
                var writer = PacketWriter(UnsafeMutableRawBufferPointer(buffer), replying: code, to: view)
                writer.append(attributes)
                return try writer.finish(secret: secret)
            }
        }
        return Array(octets[..<length])
    }

    /// Accepts every login, answers every record and Status-Server; what it sends is named in a Reply-Message.
    static func accepting(_ message: String, secret: String = ScriptedHome.secret) -> Script {
        { request, _ in
            let code: PacketCode =
                request.first == PacketCode.accountingRequest.rawValue
                ? .accountingResponse : .accessAccept
            let attributes = [Attribute(.replyMessage, text: message)]
            return [try reply(code, to: request, secret: secret, attributes: attributes)]
        }
    }
}

/// A socket on a port of the loopback, 0 for any that is free, and which it is.
func loopbackSocket(_ type: __socket_type, _ port: UInt16) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    var reuses: Int32 = 1
    // A server that comes back finds connections of its last life.
    if type == SOCK_STREAM {
        _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(isBound)
    return (descriptor, UInt16(bigEndian: address.sin_port))
}
