import CLinux
import Foundation
import Glibc
import OpenSSL
import RADIUS

/// A peer over TLS on a blocking socket, by hand: no event loop, no framer of ours. Used on one thread of its own.
final class TLSPeer {
    struct Closed: Error {}

    private let descriptor: Int32
    private let session: TLSSession
    private var buffered: [UInt8] = []

    /// Connects to the loopback and does the handshake.
    init(_ port: UInt16, _ settings: TLSSettings, receiveBuffer: Int32? = nil) throws {
        descriptor = try Self.connect(port, receiveBuffer: receiveBuffer)
        session = try TLSSession(try TLSContext(settings))
        try session.handshake()
        try flush()
        while session.state == .handshaking { try receiveRecords() }
        try flush()
    }

    deinit { Glibc.close(descriptor) }

    static func connect(_ port: UInt16, receiveBuffer: Int32? = nil) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var remote = sockaddr_in()
        remote.sin_family = sa_family_t(AF_INET)
        remote.sin_port = port.bigEndian
        remote.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &remote) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw Closed()
        }
        return descriptor
    }

    var applicationProtocol: String? { session.applicationProtocol }

    /// Sends octets as one TLS record; throws once the connection has ended.
    func send(_ octets: [UInt8]) throws {
        try session.write(octets)
        try flush()
    }

    /// Sends what TLS makes of octets one octet at a time, `pause` between two, until done or the connection ends.
    func drip(_ octets: [UInt8], pause milliseconds: Int32) throws {
        try session.write(octets)
        for octet in session.takeOutput() {
            try Self.write(descriptor, [octet])
            if try isReadable(milliseconds) { try receiveRecords() }
        }
    }

    /// The next packet; nil after `wait` seconds without one. Throws `Closed` when the connection has ended.
    func receive(_ wait: Double = 5) throws -> [UInt8]? {
        let deadline = Date(timeIntervalSinceNow: wait)
        while true {
            if buffered.count >= 4 {
                let length = Int(buffered[2]) << 8 | Int(buffered[3])
                if buffered.count >= length {
                    defer { buffered.removeFirst(length) }
                    return Array(buffered[..<length])
                }
            }
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { return nil }
            if try isReadable(Int32(left * 1000) + 1) { try receiveRecords() }
        }
    }

    /// Whether the connection ends within `wait` seconds; packets that come meanwhile are dropped.
    func ends(within wait: Double = 8) -> Bool {
        let deadline = Date(timeIntervalSinceNow: wait)
        do {
            while deadline.timeIntervalSinceNow > 0 {
                if try receive(deadline.timeIntervalSinceNow) == nil { return false }
            }
            return false
        } catch {
            return true
        }
    }

    func exchange(_ request: SignedRequest, version: ProtocolVersion = .radius10) throws -> Packet? {
        try send(request.bytes)
        guard let reply = try receive() else { return nil }
        return try SharedSecret(RadSecGround.secret).reply(in: reply, to: request.sent, version: version)
    }

    func close() {
        session.close()
        try? flush()
    }

    private func isReadable(_ milliseconds: Int32) throws -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, milliseconds) > 0
    }

    private func receiveRecords() throws {
        var octets = [UInt8](repeating: 0, count: 16_384)
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, 15_000) > 0 else { throw Closed() }
        let count = recv(descriptor, &octets, octets.count, 0)
        guard count > 0 else { throw Closed() }
        try session.receive(octets[..<count])
        guard session.state != .handshaking else { return try flush() }
        buffered += try session.read(upTo: 131_072)
        if session.state == .closed { throw Closed() }
    }

    private func flush() throws { try Self.write(descriptor, session.takeOutput()) }

    static func write(_ descriptor: Int32, _ octets: [UInt8]) throws {
        var sent = 0
        while sent < octets.count {
            let count = octets[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Closed() }
            sent += count
        }
    }
}

/// Runs `body`, which blocks, on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
