import CLinux
import Glibc
internal import Foundation
internal import Metrics
internal import RADIUS
internal import Territory

/// The thread of an `AuthorizationServer`: receives, checks, and sends the answers. Not Sendable: it lives on its thread.
final class AuthorizationReception {
    private let server: AuthorizationServer
    private let receiver = DatagramReceiver()
    private let sender = DatagramSender()
    private var memory = AnswerMemory()
    /// By the index of their system; nil nowhere, for the server has tried them.
    private let secrets: [SharedSecret?]

    init(server: AuthorizationServer) {
        self.server = server
        secrets = server.secrets.map { try? SharedSecret($0.bytes) }
    }

    func run() {
        var polled = [
            pollfd(fd: server.socket.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: server.event.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            _ = poll(&polled, nfds_t(polled.count), -1)
            if polled[1].revents != 0 { server.event.clear() }
            let (replies, isClosed) = server.take()
            for reply in replies { send(reply.submission, reply.answer) }
            if polled[0].revents != 0 { receive() }
            sender.flush()
            if isClosed { return }
        }
    }

    private func receive() {
        for index in 0..<receiver.receive(from: server.socket.descriptor) {
            guard let peer = receiver.peer(index), let system = server.system(at: peer),
                let secret = secrets[system]
            else {
                count("unknown-source")
                continue
            }
            guard let packet = try? PacketView(UnsafeRawBufferPointer(receiver.bytes(index))),
                packet.code == .coaRequest || packet.code == .disconnectRequest
            else {
                count("malformed")
                continue
            }
            guard let proof = try? secret.verify(request: packet), proof == .messageAuthenticator else {
                count("not-authentic")
                continue
            }
            receive(packet, from: peer, system, secret)
        }
    }

    private func receive(_ packet: PacketView, from peer: PeerAddress, _ system: Int, _ secret: SharedSecret) {
        let key = AnswerMemory.Key(
            high: peer.high, low: peer.low, port: peer.port, identifier: packet.identifier,
            authenticator: packet.authenticator)
        switch memory.find(key) {
        case .inProgress?: return
        case .answered(let octets)?: return transmit(octets, to: peer)
        case nil: break
        }
        switch DynamicAuthorizationRequest.read(packet) {
        case .refused(let cause): send(.nak(cause), to: packet, key, peer, secret)
        case .request(let request):
            let now = UInt32(clamping: Int64(server.clock.calendar().timeIntervalSince1970))
            guard let isFresh = request.isFresh(now: now) else {
                return send(.nak(.missingAttribute), to: packet, key, peer, secret)
            }
            guard isFresh else { return count("stale") }
            let submission = AuthorizationServer.Submission(
                request: request, octets: Array(packet.bytes), key: key, peer: peer, system: system)
            guard server.inbox.append(submission) else { return count("overloaded") }
            memory.remember(key, .inProgress)
        }
    }

    private func send(_ submission: AuthorizationServer.Submission, _ answer: IncomingRequests.Answer) {
        submission.octets.withUnsafeBytes { octets in
            guard let packet = try? PacketView(octets), let secret = secrets[submission.system] else { return }
            send(answer, to: packet, submission.key, submission.peer, secret)
        }
    }

    private func send(
        _ answer: IncomingRequests.Answer, to packet: PacketView, _ key: AnswerMemory.Key, _ peer: PeerAddress,
        _ secret: SharedSecret
    ) {
        let isDisconnect = packet.code == .disconnectRequest
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketLimits.maximumLength, alignment: 8)
        defer { buffer.deallocate() }
        var writer: PacketWriter
        switch answer {
        case .ack:
            writer = PacketWriter(buffer, replying: isDisconnect ? .disconnectACK : .coaACK, to: packet)
            count("ack")
        case .nak(let cause):
            writer = PacketWriter(buffer, replying: isDisconnect ? .disconnectNAK : .coaNAK, to: packet)
            writer.append(cause)
            count(cause.description)
        }
        guard let length = try? writer.finish(secret: secret) else { return memory.forget(key) }
        let octets = Array(buffer[..<length])
        // What could not be done now may be asked again as it is.
        if answer == .nak(.resourcesUnavailable) {
            memory.forget(key)
        } else {
            memory.remember(key, .answered(octets))
        }
        transmit(octets, to: peer)
    }

    private func transmit(_ octets: [UInt8], to peer: PeerAddress) {
        sender.buffer(for: server.socket.descriptor).copyBytes(from: octets)
        sender.commit(octets.count, to: peer)
    }

    private func count(_ result: String) {
        Counter(label: "socle_access_authorization_requests_total", dimensions: [("result", result)]).increment()
    }
}
