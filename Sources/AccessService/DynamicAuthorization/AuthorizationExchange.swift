import CLinux
import Glibc
internal import RADIUS
import Synchronization

/// The sockets and the commands under way of an `AuthorizationClient`; lives on its thread alone.
final class AuthorizationExchange {
    private struct Key: Hashable {
        var high: UInt64
        var low: UInt64
        var port: UInt16
        var identifier: UInt8
    }

    private struct Pending {
        var packet: [UInt8]
        var sent: SentRequest
        var destination: PeerAddress
        var secret: SharedSecret
        var timer: RetransmissionTimer
        var completion: AuthorizationClient.Completion
    }

    private let client: AuthorizationClient
    private var sockets: [UDPSocket] = []
    private var pending: [Key: Pending] = [:]
    private var nextIdentifier = UInt8.random(in: .min ... .max)
    private let receiver = DatagramReceiver()
    private let sender = DatagramSender()

    init(client: AuthorizationClient) {
        self.client = client
        for wildcard in ["0.0.0.0", "::"] {
            // A machine without one of the two families still serves the other.
            guard let address = PeerAddress(text: wildcard, port: 0) else { continue }
            if let socket = try? UDPSocket(binding: address, endpoint: .authentication) { sockets.append(socket) }
        }
    }

    func run() {
        var polled = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        polled.append(pollfd(fd: client.event.descriptor, events: Int16(POLLIN), revents: 0))
        var isClosed = false
        while !isClosed {
            _ = poll(&polled, nfds_t(polled.count), timeout())
            if polled[sockets.count].revents != 0 { client.event.clear() }
            let submissions = client.inbox.withLock { inbox in
                isClosed = inbox.isClosed
                defer { inbox.submissions = [] }
                return inbox.submissions
            }
            for submission in submissions { start(submission) }
            for index in sockets.indices where polled[index].revents != 0 { receive(sockets[index]) }
            retransmit()
        }
        for entry in pending.values { entry.completion.resume(returning: .notSent) }
        let late = client.inbox.withLock { inbox in
            defer { inbox.submissions = [] }
            return inbox.submissions
        }
        for submission in late { submission.completion.resume(returning: .notSent) }
    }

    private func timeout() -> Int32 {
        guard let deadline = pending.values.map(\.timer.deadline).min() else { return -1 }
        let now = client.clock.monotonic()
        return deadline <= now ? 0 : Int32(min((deadline - now) / 1_000_000 + 1, 60_000))
    }

    private func start(_ submission: AuthorizationClient.Submission) {
        let command = submission.command
        guard pending.count < client.capacity, let key = freeKey(command.destination),
            let secret = try? SharedSecret(command.secret), socket(for: command.destination) != nil,
            let (packet, sent) = encode(command, key.identifier, secret)
        else { return submission.completion.resume(returning: .notSent) }
        let timer = RetransmissionTimer(
            parameters: client.parameters, now: client.clock.monotonic(), random: .random(in: -0.1...0.1))
        let entry = Pending(
            packet: packet, sent: sent, destination: command.destination, secret: secret, timer: timer,
            completion: submission.completion)
        pending[key] = entry
        transmit(entry)
    }

    private func encode(
        _ command: AuthorizationCommand, _ identifier: UInt8, _ secret: SharedSecret
    ) -> (packet: [UInt8], sent: SentRequest)? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketLimits.maximumLength, alignment: 8)
        defer { buffer.deallocate() }
        var writer = PacketWriter(
            buffer, request: command.code, identifier: identifier, authenticator: .zero,
            messageAuthenticator: command.messageAuthenticator)
        writer.append(encoded: command.attributes)
        guard let length = try? writer.finish(secret: secret) else { return nil }
        return (Array(buffer[..<length]), writer.sent)
    }

    private func freeKey(_ destination: PeerAddress) -> Key? {
        for _ in 0..<256 {
            nextIdentifier &+= 1
            let key = Key(
                high: destination.high, low: destination.low, port: destination.port, identifier: nextIdentifier)
            if pending[key] == nil { return key }
        }
        return nil
    }

    private func socket(for destination: PeerAddress) -> UDPSocket? {
        sockets.first { $0.bound.isIPv4 == destination.isIPv4 }
    }

    private func transmit(_ entry: Pending) {
        guard let socket = socket(for: entry.destination) else { return }
        let buffer = sender.buffer(for: socket.descriptor)
        buffer.copyBytes(from: entry.packet)
        sender.commit(entry.packet.count, to: entry.destination)
        sender.flush()
    }

    private func receive(_ socket: UDPSocket) {
        let count = receiver.receive(from: socket.descriptor)
        for index in 0..<count {
            guard let peer = receiver.peer(index),
                let packet = try? PacketView(UnsafeRawBufferPointer(receiver.bytes(index)))
            else { continue }
            let key = Key(high: peer.high, low: peer.low, port: peer.port, identifier: packet.identifier)
            guard let entry = pending[key],
                (try? entry.secret.verify(
                    reply: packet, to: entry.sent, requireMessageAuthenticator: false)) != nil
            else { continue }
            pending[key] = nil
            let isACK = packet.code == .disconnectACK || packet.code == .coaACK
            entry.completion.resume(returning: isACK ? .ack : .nak(packet.first(.errorCause)?.uint32))
        }
    }

    private func retransmit() {
        let now = client.clock.monotonic()
        for (key, entry) in pending where entry.timer.deadline <= now {
            var entry = entry
            if entry.timer.fire(now: now, random: .random(in: -0.1...0.1)) {
                pending[key] = entry
                transmit(entry)
            } else {
                pending[key] = nil
                entry.completion.resume(returning: .timeout)
            }
        }
    }
}
