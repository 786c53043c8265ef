import CLinux
import Foundation
import Glibc
import RADIUS
import Testing

/// A NAS made of a UDP socket: sends requests, and checks every reply before it is believed.
final class Gateway: Sendable {
    let descriptor: Int32
    let secretOctets: [UInt8]
    private let port: UInt16
    private let isIPv6: Bool

    /// A socket of its own, connected to a port of the loopback; from another of its IPv4 addresses if one is named.
    init(
        _ port: UInt16, secret: String = Ground.secret, address: String = "127.0.0.1", source: String? = nil
    ) throws {
        isIPv6 = address.contains(":")
        self.port = port
        secretOctets = Array(secret.utf8)
        descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var result: Int32 = -1
        if isIPv6 {
            var remote = sockaddr_in6()
            remote.sin6_family = sa_family_t(AF_INET6)
            remote.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &remote.sin6_addr)
            result = withUnsafePointer(to: &remote) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            if let source { try #require(Self.call(Glibc.bind, descriptor, source, 0) == 0) }
            result = Self.call(Glibc.connect, descriptor, address, port)
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32, _ text: String,
        _ port: UInt16
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, 0) }

    /// The next datagram, or nil after `wait` seconds without one.
    func receive(_ wait: Double = 3) async -> [UInt8]? {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                var buffer = [UInt8](repeating: 0, count: 4097)
                guard poll(&polled, 1, Int32(wait * 1000)) > 0 else { return continuation.resume(returning: nil) }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                continuation.resume(returning: count > 0 ? Array(buffer[..<count]) : nil)
            }
        }
    }

    /// Sends a request, again after a second without a reply, and returns the reply once it has been checked.
    func exchange(_ request: SignedRequest, wait: Double = 4) async throws -> Packet? {
        let secret = try SharedSecret(secretOctets)
        let deadline = ContinuousClock.now + .seconds(wait)
        while ContinuousClock.now < deadline {
            send(request.bytes)
            while let reply = await receive(min(1, wait)) {
                do {
                    return try secret.reply(in: reply, to: request.sent)
                } catch  where error.code == .identifierMismatch {
                    continue  // the second answer to an earlier request that was sent twice
                }
            }
        }
        return nil
    }

    /// A PAP login.
    func login(
        _ name: String, _ password: String, identifier: UInt8 = .random(in: 0...255), attributes: [Attribute] = []
    ) async throws -> Packet? {
        let secret = try SharedSecret(secretOctets)
        return try await exchange(
            try secret.accessRequest(
                identifier: identifier, userName: name, password: Array(password.utf8), attributes: attributes))
    }

    /// An accounting record of a session.
    func account(
        _ status: AccountingStatus, _ session: String, name: String? = nil, seconds: UInt32? = nil,
        input: UInt32? = nil,
        output: UInt32? = nil, station: String = "02-00-5E-00-53-01", at instant: Date = Date(),
        attributes: [Attribute] = [],
        identifier: UInt8 = .random(in: 0...255), wait: Double = 4
    ) async throws -> Packet? {
        try await exchange(
            try Self.accountingRequest(
                try SharedSecret(secretOctets), status, session, name: name, seconds: seconds, input: input,
                output: output,
                station: station, at: instant, attributes: attributes, identifier: identifier), wait: wait)
    }

    static func accountingRequest(
        _ secret: SharedSecret, _ status: AccountingStatus, _ session: String, name: String? = nil,
        seconds: UInt32? = nil,
        input: UInt32? = nil, output: UInt32? = nil, station: String = "02-00-5E-00-53-01", at instant: Date = Date(),
        attributes: [Attribute] = [],
        identifier: UInt8
    ) throws -> SignedRequest {
        var all = [
            Attribute(.acctStatusType, uint32: status.rawValue), Attribute(.acctSessionID, text: session),
            Attribute(.callingStationID, text: station),
            Attribute(.eventTimestamp, uint32: UInt32(instant.timeIntervalSince1970)),
        ]
        if let name { all.append(Attribute(.userName, text: name)) }
        if let seconds { all.append(Attribute(.acctSessionTime, uint32: seconds)) }
        if let input { all.append(Attribute(.acctInputOctets, uint32: input)) }
        if let output { all.append(Attribute(.acctOutputOctets, uint32: output)) }
        return try secret.accountingRequest(identifier: identifier, attributes: all + attributes)
    }
}
