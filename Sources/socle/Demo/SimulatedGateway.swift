import CLinux
import Foundation
import Glibc
import OpenSSL
import RADIUS

/// What the gateways of simulated visitors send: one request at a time, repeated until answered.
///
/// Not Sendable: one thread owns it. Bound: three tries of a second each.
final class SimulatedGateway {
    private static let tries = 3
    private static let patienceMilliseconds: Int32 = 1_000

    private let authentication: Int32
    private let accounting: Int32
    private let secret: SharedSecret
    private var identifier: UInt8 = 0
    private var buffer = [UInt8](repeating: 0, count: PacketLimits.maximumLength)

    init(host: String, authenticationPort: Int, accountingPort: Int, secret: [UInt8]) throws {
        self.secret = try SharedSecret(secret)
        authentication = try Self.connect(host, authenticationPort)
        accounting = try Self.connect(host, accountingPort)
    }

    deinit {
        close(authentication)
        close(accounting)
    }

    /// Sends what the visitor's gateway would and returns whether it was accepted; nil: no answer.
    func send(_ request: Visitor.Request, for visitor: inout Visitor, at now: Double) throws -> Bool? {
        identifier &+= 1
        let socket = request == .login ? authentication : accounting
        let (length, sent) = try write(request, visitor, now)
        for _ in 0..<Self.tries {
            _ = buffer.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, length, 0) }
            if let reply = receive(socket, sent) {
                if request == .login { visitor.classValue = reply.first(.classValue)?.value ?? [] }
                return reply.code == .accessAccept || reply.code == .accountingResponse
            }
        }
        return nil
    }

    private func write(_ request: Visitor.Request, _ visitor: Visitor, _ now: Double) throws -> (Int, SentRequest) {
        let (identifier, secret) = (identifier, secret)
        return try buffer.withUnsafeMutableBytes { octets in
            guard request != .login else { return try Self.login(octets, identifier, visitor, secret) }
            var packet = PacketWriter(
                octets, request: .accountingRequest, identifier: identifier, authenticator: .zero,
                messageAuthenticator: false)
            let status: UInt32 = request == .start ? 1 : request == .stop ? 2 : 3
            packet.append(.acctStatusType, uint32: status)
            packet.append(.acctSessionID, text: visitor.sessionID)
            Self.describe(&packet, visitor)
            if !visitor.classValue.isEmpty { packet.append(.classValue, visitor.classValue) }
            if request != .start {
                packet.append(.acctSessionTime, uint32: visitor.sessionSeconds(at: now))
                packet.append(.acctInputOctets, uint32: UInt32(truncatingIfNeeded: visitor.inputOctets))
                packet.append(.acctOutputOctets, uint32: UInt32(truncatingIfNeeded: visitor.outputOctets))
                packet.append(.acctInputGigawords, uint32: UInt32(truncatingIfNeeded: visitor.inputOctets >> 32))
                packet.append(.acctOutputGigawords, uint32: UInt32(truncatingIfNeeded: visitor.outputOctets >> 32))
            }
            if request == .stop { packet.append(.acctTerminateCause, uint32: 1) }
            return (try packet.finish(secret: secret), packet.sent)
        }
    }

    private static func login(
        _ octets: UnsafeMutableRawBufferPointer, _ identifier: UInt8, _ visitor: Visitor, _ secret: SharedSecret
    ) throws -> (Int, SentRequest) {
        let random = Authenticator(SecureRandom.bytes(16)) ?? .zero
        var packet = PacketWriter(octets, request: .accessRequest, identifier: identifier, authenticator: random)
        packet.append(password: Array(visitor.code.utf8), secret: secret)
        describe(&packet, visitor)
        return (try packet.finish(secret: secret), packet.sent)
    }

    private static func describe(_ packet: inout PacketWriter, _ visitor: Visitor) {
        packet.append(.userName, text: visitor.code)
        packet.append(.nasIdentifier, text: visitor.gateway)
        packet.append(.nasPortType, uint32: 19)
        packet.append(.callingStationID, text: visitor.station)
        packet.append(.calledStationID, text: "02-5E-00-00-00-FE:\(visitor.gateway)")
        packet.append(.framedIPAddress, uint32: 0x0A40_0000 | UInt32(truncatingIfNeeded: visitor.number & 0x3F_FFFF))
    }

    /// The reply to what was sent, if one comes in time and is genuine. Late replies to earlier requests are dropped.
    private func receive(_ socket: Int32, _ sent: SentRequest) -> Packet? {
        var waiting = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0)]
        var reply = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let deadline = DispatchTime.now().uptimeNanoseconds + UInt64(Self.patienceMilliseconds) * 1_000_000
        while DispatchTime.now().uptimeNanoseconds < deadline {
            guard poll(&waiting, 1, Self.patienceMilliseconds) > 0 else { return nil }
            let count = reply.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
            // Nobody listens: the kernel says so at once. The pause is what a gateway's own timer would make.
            guard count > 0 else {
                poll(nil, 0, 200)
                return nil
            }
            let secret = secret
            let packet = reply.withUnsafeBytes { octets -> Packet? in
                guard let view = try? PacketView(UnsafeRawBufferPointer(rebasing: octets[..<count])),
                    (try? secret.verify(reply: view, to: sent, requireMessageAuthenticator: false)) != nil
                else { return nil }
                return Packet(view)
            }
            if let packet { return packet }
        }
        return nil
    }

    private static func connect(_ host: String, _ port: Int) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw Failure(.usage, "\(host) is no address in numbers")
        }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
        else {
            throw Failure(.system, "cannot open a socket to \(host) port \(port)")
        }
        return descriptor
    }
}
