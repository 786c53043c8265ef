import CLinux
import Glibc
internal import Logging
internal import RADIUS

/// The home servers and the requests under way of a `ProxyClient`; lives on its thread alone.
final class ProxyExchange {
    /// As long as the packet thread takes a NAS's retransmissions for such.
    static let loginLifetime = DuplicateCache.progressLifetime
    private static let tickMilliseconds: Int32 = 50

    let client: ProxyClient
    let endpoints: [HomeEndpoint]
    /// For each pool and service, the endpoints of its servers in order; nil: that server does not offer the service.
    let members: [[Endpoint: [Int?]]]
    let origins = OriginSecrets()
    var underway: [ProxiedLogin: HomeEndpoint.Place] = [:]
    var conversations = ConversationMemory(capacity: 16_384)
    var serial = UInt32.random(in: .min ... .max)
    /// Why servers are not connected, as it has been logged; none for those that are.
    var toldReasons: [String: String] = [:]
    private(set) var now: UInt64
    private var nextFlush: UInt64 = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4097, alignment: 8)

    init(client: ProxyClient) throws {
        self.client = client
        let configuration = client.configuration
        var endpoints: [HomeEndpoint] = []
        var byServer: [String: [Endpoint: Int]] = [:]
        for server in configuration.servers {
            for service in Endpoint.allCases {
                guard let transport = Self.transport(to: server, service, client) else { continue }
                byServer[server.name, default: [:]][service] = endpoints.count
                endpoints.append(
                    try HomeEndpoint(
                        server, service, index: endpoints.count, transport: transport, liveness: configuration.liveness)
                )
            }
        }
        members = configuration.pools.map { pool in
            var members: [Endpoint: [Int?]] = [:]
            for service in Endpoint.allCases { members[service] = pool.servers.map { byServer[$0]?[service] } }
            return members
        }
        self.endpoints = endpoints
        now = client.clock.monotonic()
    }

    deinit { buffer.deallocate() }

    /// nil: the server does not offer the service.
    private static func transport(
        to server: HomeServer, _ service: Endpoint, _ client: ProxyClient
    ) -> (any HomeTransport)? {
        if let connection = client.connections[server.name] { return StreamTransport(connection, inbox: client.inbox) }
        guard let port = server.port(service), let address = PeerAddress(text: server.address, port: port) else {
            return nil
        }
        return DatagramTransport(to: address, limit: client.configuration.socketsPerServer)
    }

    func run() {
        while true {
            var polled = [pollfd(fd: client.inbox.event.descriptor, events: Int16(POLLIN), revents: 0)]
            for endpoint in endpoints {
                polled += endpoint.transport.sockets.map {
                    pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
                }
            }
            let count = poll(&polled, nfds_t(polled.count), timeout)
            if count < 0, errno != EINTR { break }
            now = client.clock.monotonic()
            client.inbox.event.clear()
            receiveAll()
            // What is taken now may have been caused by what was answered above: it must not seem as old, or a server that
            // fell silent right after an answer would not come under suspicion.
            now = client.clock.monotonic()
            let (messages, isClosed) = client.inbox.take()
            for message in messages { handle(message) }
            tick()
            if isClosed { break }
        }
        end()
    }

    private func handle(_ message: ProxyMessage) {
        switch message {
        case .submission(let submission): forward(submission)
        case .again(let login): sendAgain(login)
        case .answered(let place, let number, let reply): receive(reply, of: number, at: place)
        case .connection(let server, let event): note(event, of: server)
        }
    }

    /// Short while something is under way or doubtful, else once a second for the metrics.
    private var timeout: Int32 {
        endpoints.contains { $0.count > 0 || !$0.state.isAlive } ? Self.tickMilliseconds : 1000
    }

    private func receiveAll() {
        for endpoint in endpoints {
            for (lane, socket) in endpoint.transport.sockets.enumerated() {
                // At most as many as can be under way; what floods beyond waits for its turn.
                for _ in 0..<256 {
                    let outcome = socket.receive(into: buffer)
                    if outcome == .refused { noting(endpoint) { $0.refused(now: now) } }
                    guard case .octets(let length) = outcome else { break }
                    let datagram = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<length])
                    receive(datagram, endpoint, lane: lane)
                }
            }
        }
    }

    /// Lets `body` change what is thought of a server, and says so when it did.
    func noting(_ endpoint: HomeEndpoint, _ body: (inout HomeServerState) -> Void) {
        let before = endpoint.state.condition
        body(&endpoint.state)
        let after = endpoint.state.condition
        guard before != after else { return }
        let metadata: Logger.Metadata = [
            "home": "\(endpoint.server.name)",
            "service": "\(endpoint.service == .authentication ? "authentication" : "accounting")",
        ]
        switch after {
        case .alive: client.logger.notice("home server answers", metadata: metadata)
        case .zombie: client.logger.notice("home server does not answer; it is asked last", metadata: metadata)
        case .dead:
            client.logger.warning("home server is dead; it is asked nothing", metadata: metadata)
            giveUpConnection(of: endpoint)
        }
    }

    // MARK: Time

    private func tick() {
        for endpoint in endpoints {
            for place in endpoint.places { age(place, endpoint) }
            var probes = false
            noting(endpoint) { probes = $0.tick(now: now) }
            if probes, endpoint.transport.isConnected { probe(endpoint) }
        }
        guard now >= nextFlush else { return }
        nextFlush = now &+ 1_000_000_000
        for endpoint in endpoints { endpoint.tally.flush(endpoint.condition, waiting: endpoint.count) }
    }

    private func age(_ place: HomeEndpoint.Place, _ endpoint: HomeEndpoint) {
        guard var request = endpoint.request(at: place) else { return }
        let window = client.configuration.liveness.responseWindow.clampedNanoseconds
        if !request.isOverdue, now &- request.sentAt >= window {
            request.isOverdue = true
            endpoint.keep(request, at: place)
            if case .probe = request.purpose {
            } else {
                endpoint.tally.count(.timeout)
                noting(endpoint) { $0.unanswered(sentAt: request.sentAt, now: now) }
            }
        }
        if case .record(let submission, let timer) = request.purpose, timer.deadline <= now {
            return repeatRecord(request, submission, timer, at: place, endpoint)
        }
        guard now >= request.expiresAt else { return }
        endpoint.release(place)
        switch request.purpose {
        case .login(let submission): drop(submission, .homeSilent)
        case .probe: noting(endpoint) { $0.probeUnanswered(sentAt: request.sentAt, now: now) }
        case .record: endpoint.tally.count(.recordLost)
        }
    }

    private func probe(_ endpoint: HomeEndpoint) {
        guard let place = endpoint.freePlace() else { return }
        let wait = client.configuration.liveness.probeInterval.clampedNanoseconds
        let request = ForwardedRequest(purpose: .probe, serial: 0, sentAt: now, expiresAt: now &+ wait)
        if send(request, at: place, endpoint) == .sent { endpoint.tally.count(.probe) }
    }

    private func end() {
        for endpoint in endpoints {
            for place in endpoint.places {
                if case .login(let submission)? = endpoint.request(at: place)?.purpose { drop(submission, .homeSilent) }
                endpoint.release(place)
            }
            endpoint.tally.flush(endpoint.condition, waiting: 0)
        }
        for case .submission(let submission) in client.inbox.take().messages { drop(submission, .homeSilent) }
    }
}
