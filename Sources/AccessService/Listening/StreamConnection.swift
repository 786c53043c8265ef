internal import RADIUS
import Synchronization

/// A connection that requests come over and replies go back on, as the packet threads see it: who is at the other end, and
/// how to answer. Nothing here waits.
final class StreamConnection: Sendable {
    /// What a packet thread tells the connection's owner.
    enum Event: Sendable {
        /// A packet to send, complete.
        case packet([UInt8])
        /// The peer is not, or no longer, who may send, or it sent what RFC 6613 §2.6.4 forbids: end the connection.
        case end(StreamFault)
        /// A place among the requests in flight is free again after all were taken.
        case ready
    }

    /// Distinguishes the connections of this process: no two have the same.
    let number: UInt32
    let peer: PeerAddress
    let version: ProtocolVersion
    /// The name in its certificate that a NAS is known by.
    let certificateName: String
    private let capacity: Int
    private let inFlight = Atomic<Int>(0)
    private let notify: @Sendable (Event) -> Void
    private static let lastNumber = Atomic<UInt32>(0)

    /// - Parameters:
    ///   - capacity: requests in flight at most.
    ///   - notify: called on any thread.
    init(
        peer: PeerAddress, version: ProtocolVersion, certificateName: String, capacity: Int,
        notify: @escaping @Sendable (Event) -> Void
    ) {
        number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        (self.peer, self.version, self.certificateName) = (peer, version, certificateName)
        (self.capacity, self.notify) = (max(1, capacity), notify)
    }

    func send(_ packet: [UInt8]) { notify(.packet(packet)) }

    func end(_ fault: StreamFault) { notify(.end(fault)) }

    /// Whether another request may be handed on now.
    var hasPlace: Bool { inFlight.load(ordering: .acquiring) < capacity }

    func takePlace() -> Bool {
        if inFlight.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue <= capacity { return true }
        inFlight.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        return false
    }

    func releasePlace() {
        if inFlight.wrappingSubtract(1, ordering: .acquiringAndReleasing).oldValue == capacity { notify(.ready) }
    }
}

/// Why we end a connection; the raw value is the label of the metric.
enum StreamFault: String, Sendable, CaseIterable {
    /// The name in the certificate belongs to no NAS, or to none any more.
    case unknownCertificate = "unknown_certificate"
    /// Lengths or attributes that are none (RFC 6613 §2.6.4).
    case malformedPacket = "malformed_packet"
    /// An authenticator that does not verify (RFC 6613 §2.6.4).
    case badAuthenticator = "bad_authenticator"
    /// The TLS handshake failed: no certificate, one that is not trusted, expired or revoked, or no version in common.
    case handshakeFailed = "handshake_failed"
    /// The handshake took too long.
    case handshakeTimeout = "handshake_timeout"
    /// A packet took too long to arrive.
    case packetTimeout = "packet_timeout"
    /// Nothing came for too long.
    case idle
    /// The peer does not read what we send.
    case backlog
    /// Too many connections, of this certificate or in all.
    case tooManyConnections = "too_many_connections"
    /// TLS failed after the handshake.
    case tlsFailed = "tls_failed"
}
