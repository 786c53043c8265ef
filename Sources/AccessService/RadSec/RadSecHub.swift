internal import Logging
internal import Metrics
internal import NIOCore
internal import OpenSSL
import Synchronization
internal import Territory

/// What the connections of the daemon share: who is connected, their bounds and their counters.
final class RadSecHub: Sendable {
    /// A connection whose peer is known.
    struct Link: Sendable {
        let connection: StreamConnection
        let port: StreamPort
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var links: [NASID: [Link]] = [:]
        var reported: Set<String> = []
    }

    /// Subjects of unknown certificates that are logged, each once; further ones are counted alone.
    private static let longestReport = 1000

    let limits: RadSecLimits
    let directory: GatewayDirectory
    private let mailboxes: MailboxList
    private let unknownSources: SourceSightings
    private let logger: Logger
    private let state = Mutex(State())
    private let established = Counter(label: "socle_access_radsec_connections_total")
    private let current = Gauge(label: "socle_access_radsec_connections")

    init(environment: AccessEnvironment, limits: RadSecLimits, logger: Logger) {
        (self.limits, self.logger, mailboxes) = (limits, logger, environment.mailboxes)
        (directory, unknownSources) = (environment.directory, environment.unknownSources)
    }

    // MARK: Connections

    /// Counts a channel in; false: there are as many as there may be.
    func admit(_ channel: any Channel) -> Bool {
        let isAdmitted = state.withLock { state in
            guard state.channels.count < limits.connections else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isAdmitted else {
            count(.tooManyConnections)
            return false
        }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        return true
    }

    /// Adds a connection of a NAS; the oldest ends if there are too many.
    func add(_ link: Link, of nas: NASID) {
        let (oldest, total) = state.withLock { state -> (Link?, Int) in
            var links = state.links[nas] ?? []
            let oldest = links.count >= limits.connectionsPerCertificate ? links.removeFirst() : nil
            links.append(link)
            state.links[nas] = links
            return (oldest, state.links.values.reduce(0) { $0 + $1.count })
        }
        oldest?.connection.end(.tooManyConnections)
        established.increment()
        current.record(total)
    }

    func remove(_ connection: StreamConnection, of nas: NASID) {
        let total = state.withLock { state -> Int in
            state.links[nas]?.removeAll { $0.connection === connection }
            if state.links[nas]?.isEmpty == true { state.links[nas] = nil }
            return state.links.values.reduce(0) { $0 + $1.count }
        }
        current.record(total)
    }

    /// The newest connection of a NAS.
    func link(of nas: NASID) -> Link? { state.withLock { $0.links[nas]?.last } }

    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    // MARK: Packets

    /// Hands packets to the packet thread that serves their connection.
    func deliver(_ packets: [StreamPacket], of connection: StreamConnection) {
        let threads = max(1, mailboxes.count)
        mailboxes.post(.received(packets), to: Int(connection.number % UInt32(threads)))
    }

    // MARK: Faults

    func count(_ fault: StreamFault) {
        Counter(label: "socle_access_radsec_faults_total", dimensions: [("reason", fault.rawValue)]).increment()
    }

    /// A connection ended by our decision or a fault of TLS.
    func note(_ failure: StreamFailure, peer: PeerAddress?) {
        count(failure.fault)
        logger.debug(
            "a RadSec connection has ended", metadata: ["reason": "\(failure)", "peer": "\(peer?.text ?? "-")"])
    }

    /// A trusted certificate that names no NAS of ours: counted, shown among the unknown sources, logged once.
    func noteUnknown(_ certificate: Certificate?, peer: PeerAddress) {
        count(.unknownCertificate)
        unknownSources.count(peer)
        let subject = certificate.map(\.subject) ?? ""
        let isNew = state.withLock { state in
            guard state.reported.count < Self.longestReport else { return false }
            return state.reported.insert(subject).inserted
        }
        guard isNew else { return }
        logger.warning(
            "a certificate is trusted and belongs to no NAS; its connections are refused",
            metadata: [
                "subject": "\(subject)", "peer": "\(peer.text)",
                "names": "\(certificate.map(CertificateIdentity.names)?.joined(separator: ", ") ?? "")",
            ])
    }
}
