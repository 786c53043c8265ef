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
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(bound)
        self.port = UInt16(bigEndian: address.sin_port)
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
    static func accepting(_ message: String) -> Script {
        { request, _ in
            let code: PacketCode =
                request.first == PacketCode.accountingRequest.rawValue
                ? .accountingResponse : .accessAccept
            return [try reply(code, to: request, attributes: [Attribute(.replyMessage, text: message)])]
        }
    }
}
