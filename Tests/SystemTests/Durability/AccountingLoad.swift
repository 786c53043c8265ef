import Foundation
import RADIUS
import Synchronization

/// A gateway that reports sessions over UDP, and repeats for ever what is not acknowledged: what it was once told is stored
/// must be found stored.
final class AccountingLoad: Sendable {
    /// Records waiting for their acknowledgement at a time; below the 256 identifiers of one socket.
    static let window = 64
    /// After so many nanoseconds without one, a record is sent again, octet for octet.
    static let repetition: UInt64 = 150_000_000

    private struct State {
        var ledger: AccountingLedger
        var isClosing = false
        var hasEnded = false
        var failure: String?
    }

    /// A record on its way.
    private struct Flight {
        let session: Int
        let datagram: [UInt8]
        let request: SentRequest
        var sentAt: UInt64
    }

    private let state: Mutex<State>
    private let secret: [UInt8]
    private let port: UInt16
    private let sessionsPerSecond: UInt64

    /// A load from 127.0.0.1 to the accounting port there, of so many new sessions a second at most: what is being tested is
    /// loss, not speed.
    init(port: UInt16, secret: String, userNames: [String], sessionsPerSecond: UInt64 = 800) {
        (self.port, self.secret, self.sessionsPerSecond) = (port, Array(secret.utf8), sessionsPerSecond)
        state = Mutex(State(ledger: AccountingLedger(userNames: userNames)))
    }

    /// What is acknowledged up to now.
    var ledger: AccountingLedger { state.withLock { $0.ledger } }

    /// Begins; a thread of its own, because it waits in `poll`.
    func start() { Thread.detachNewThread { self.run() } }

    /// Opens no further session, and waits until each one has reported all it had to.
    func finish(within limit: Duration = .seconds(60)) async throws {
        state.withLock { $0.isClosing = true }
        try await eventually("every record is acknowledged", within: limit) { self.state.withLock { $0.hasEnded } }
        if let failure = state.withLock({ $0.failure }) { throw Command.Failure(description: failure) }
    }

    private func run() {
        do {
            try exchange()
        } catch {
            state.withLock { $0.failure = "the accounting load failed: \(error)" }
        }
        state.withLock { $0.hasEnded = true }
    }

    private func exchange() throws {
        let secret = try SharedSecret(self.secret)
        let descriptor = try connectedSocket()
        defer { close(descriptor) }
        var flights: [UInt8: Flight] = [:]
        var ready: [Int] = []
        var next: UInt8 = 0
        let began = Self.now
        while true {
            let allowed = Int((Self.now - began) / 1_000_000 * sessionsPerSecond / 1000) + Self.window
            while flights.count < Self.window {
                guard let session = ready.popLast() ?? open(allowed) else { break }
                while flights[next] != nil { next &+= 1 }
                flights[next] = try launch(session, identifier: next, secret: secret)
                if let flight = flights[next] { transmit(flight, descriptor) }
                next &+= 1
            }
            if flights.isEmpty, state.withLock({ $0.isClosing }) { return }
            for session in receive(descriptor, secret: secret, flights: &flights) {
                if !state.withLock({ $0.ledger.sessions[session].isComplete }) { ready.append(session) }
            }
            repeatOverdue(&flights, descriptor)
        }
    }

    /// The next new session; nil when there are `allowed` of them, or none is to be opened any more.
    private func open(_ allowed: Int) -> Int? {
        state.withLock { $0.isClosing || $0.ledger.sessions.count >= allowed ? nil : $0.ledger.open(at: Date()) }
    }

    private func connectedSocket() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Command.Failure(description: "socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Command.Failure(description: "connect: errno \(errno)") }
        return descriptor
    }

    private func launch(_ index: Int, identifier: UInt8, secret: SharedSecret) throws -> Flight? {
        let next = state.withLock { state in state.ledger.send(index).map { (state.ledger.sessions[index], $0) } }
        guard let (session, record) = next else { return nil }
        return try withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { buffer in
            var packet = PacketWriter(
                buffer, request: .accountingRequest, identifier: identifier, authenticator: .zero,
                messageAuthenticator: false)
            packet.append(.acctStatusType, uint32: record.kind.rawValue)
            packet.append(.userName, text: session.userName)
            packet.append(.acctSessionID, text: session.identifier)
            packet.append(.callingStationID, text: session.station)
            packet.append(.nasIPAddress, [127, 0, 0, 1])
            packet.append(.eventTimestamp, uint32: session.startedAt + record.seconds)
            packet.append(.acctSessionTime, uint32: record.seconds)
            packet.append(.acctInputOctets, uint32: record.input)
            packet.append(.acctOutputOctets, uint32: record.output)
            let length = try packet.finish(secret: secret)
            return Flight(session: index, datagram: Array(buffer[..<length]), request: packet.sent, sentAt: Self.now)
        }
    }

    /// Sends a record. That nobody listens at the moment (ECONNREFUSED) is what these tests are about.
    private func transmit(_ flight: Flight, _ descriptor: Int32) {
        _ = flight.datagram.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Takes all replies that are there, waiting a little for the first; returns the sessions they acknowledge.
    private func receive(_ descriptor: Int32, secret: SharedSecret, flights: inout [UInt8: Flight]) -> [Int] {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 20) > 0 else { return [] }
        var acknowledged: [Int] = []
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer in
            while true {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                guard count > 0 else { return }
                guard let reply = try? PacketView(UnsafeRawBufferPointer(rebasing: buffer[..<count])),
                    let flight = flights[reply.identifier],
                    (try? secret.verify(reply: reply, to: flight.request, requireMessageAuthenticator: false)) != nil
                else { continue }
                flights[reply.identifier] = nil
                state.withLock { $0.ledger.acknowledge(flight.session) }
                acknowledged.append(flight.session)
            }
        }
        return acknowledged
    }

    private func repeatOverdue(_ flights: inout [UInt8: Flight], _ descriptor: Int32) {
        let now = Self.now
        for (identifier, flight) in flights where now - flight.sentAt > Self.repetition {
            transmit(flight, descriptor)
            flights[identifier]?.sentAt = now
        }
    }

    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
