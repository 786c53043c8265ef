internal import RADIUS
import Synchronization

/// How a request of ours over a connection ended.
enum StreamReply: Sendable {
    /// A packet with the request's identifier or token; whether it is an answer, the secret and ``SentRequest`` tell.
    case packet([UInt8])
    case timeout
    /// The connection ended before an answer came: whether the request arrived is unknown.
    case disconnected
    /// Never sent: there is no connection, all identifiers are in use, or the request could not be made.
    case notSent
}

/// The requests that we have sent over one connection and that are not answered. Each direction of a connection has its
/// identifiers (RFC 6613 §2.6.5), so these are ours alone.
///
/// Bound: 256 at a time, as many as RADIUS has identifiers; RADIUS/1.1 (RFC 9765) has more tokens and the same bound.
final class OutstandingRequests: Sendable {
    typealias Completion = @Sendable (StreamReply) -> Void
    static let capacity = 256

    /// Names one request for good, when its identifier is used again too.
    struct Ticket: Sendable, Hashable {
        let key: UInt32
        let serial: UInt64
    }

    private struct Waiting {
        var serial: UInt64
        var completion: Completion
    }

    private struct State {
        var waiting: [UInt32: Waiting] = [:]
        var nextIdentifier = UInt8.random(in: .min ... .max)
        var tokens = TokenSequence()
        var serial: UInt64 = 0
        var isClosed = false

        mutating func envelope(_ version: ProtocolVersion) -> (key: UInt32, envelope: ProxyRelay.Envelope)? {
            guard !isClosed, waiting.count < OutstandingRequests.capacity else { return nil }
            if version == .radius11 {
                let token = tokens.next()
                return (token, .radius11(token: token))
            }
            repeat { nextIdentifier &+= 1 } while waiting[UInt32(nextIdentifier)] != nil
            return (UInt32(nextIdentifier), .radius10(identifier: nextIdentifier))
        }
    }

    private let version: ProtocolVersion
    private let state = Mutex(State())

    init(version: ProtocolVersion) { self.version = version }

    /// Makes a request and remembers it; nil: there is no place for it, or `make` made none. `completion` is then not
    /// called, else exactly once.
    func begin(
        _ make: (ProxyRelay.Envelope) -> SignedRequest?, _ completion: @escaping Completion
    ) -> (ticket: Ticket, bytes: [UInt8])? {
        let taken = state.withLock { state -> (ProxyRelay.Envelope, Ticket)? in
            guard let (key, envelope) = state.envelope(version) else { return nil }
            state.serial &+= 1
            state.waiting[key] = Waiting(serial: state.serial, completion: completion)
            return (envelope, Ticket(key: key, serial: state.serial))
        }
        guard let (envelope, ticket) = taken else { return nil }
        guard let request = make(envelope) else {
            _ = take(ticket)
            return nil
        }
        return (ticket, request.bytes)
    }

    /// Hands a packet to the request it names; false if there is none.
    func resolve(_ packet: [UInt8]) -> Bool {
        guard packet.count >= 8 else { return false }
        let token = packet[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let key = version == .radius11 ? token : UInt32(packet[1])
        let waiting = state.withLock { $0.waiting.removeValue(forKey: key) }
        waiting?.completion(.packet(packet))
        return waiting != nil
    }

    /// Gives up on a request that has not been answered.
    func expire(_ ticket: Ticket) { take(ticket)?(.timeout) }

    /// Ends all; none can begin any more.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for entry in waiting.values { entry.completion(.disconnected) }
    }

    private func take(_ ticket: Ticket) -> Completion? {
        state.withLock { state in
            guard state.waiting[ticket.key]?.serial == ticket.serial else { return nil }
            return state.waiting.removeValue(forKey: ticket.key)?.completion
        }
    }
}

extension PacketCode {
    /// Whether a packet with this code is an answer, and so to a request of ours.
    var isReply: Bool {
        switch self {
        case .accessAccept, .accessReject, .accessChallenge, .accountingResponse, .disconnectACK, .disconnectNAK,
            .coaACK,
            .coaNAK, .protocolError:
            true
        default: false
        }
    }
}
