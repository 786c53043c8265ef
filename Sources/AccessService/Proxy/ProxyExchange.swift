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
                guard let port = server.port(service), let address = PeerAddress(text: server.address, port: port)
                else { continue }
                byServer[server.name, default: [:]][service] = endpoints.count
                endpoints.append(
                    try HomeEndpoint(
                        server, service, index: endpoints.count, address: address, configuration: configuration))
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

    func run() {
        while true {
            var polled = [pollfd(fd: client.event.descriptor, events: Int16(POLLIN), revents: 0)]
            for endpoint in endpoints {
                polled += endpoint.lanes.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
            }
            let count = poll(&polled, nfds_t(polled.count), timeout)
            if count < 0, errno != EINTR { break }
            now = client.clock.monotonic()
            client.event.clear()
            receiveAll()
            // What is taken now may have been caused by what was answered above: it must not seem as old, or a server that
            // fell silent right after an answer would not come under suspicion.
            now = client.clock.monotonic()
            let inbox = client.take()
            for message in inbox.messages {
                switch message {
                case .submission(let submission): forward(submission)
                case .again(let login): sendAgain(login)
                }
            }
            tick()
            if inbox.isClosed { break }
        }
        end()
    }

    /// Short while something is under way or doubtful, else once a second for the metrics.
    private var timeout: Int32 {
        endpoints.contains { $0.count > 0 || !$0.state.isAlive } ? Self.tickMilliseconds : 1000
    }

    private func receiveAll() {
        for endpoint in endpoints {
            for (socket, lane) in endpoint.lanes.enumerated() {
                // At most as many as can be under way; what floods beyond waits for its turn.
                for _ in 0..<256 {
                    let outcome = lane.socket.receive(into: buffer)
                    if outcome == .refused { noting(endpoint) { $0.refused(now: now) } }
                    guard case .octets(let length) = outcome else { break }
                    let datagram = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<length])
                    receive(datagram, endpoint, socket: socket)
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
        case .dead: client.logger.warning("home server is dead; it is asked nothing", metadata: metadata)
        }
    }

    // MARK: Time

    private func tick() {
        for endpoint in endpoints {
            for place in endpoint.places { age(place, endpoint) }
            var probes = false
            noting(endpoint) { probes = $0.tick(now: now) }
            if probes { probe(endpoint) }
        }
        guard now >= nextFlush else { return }
        nextFlush = now &+ 1_000_000_000
        for endpoint in endpoints { endpoint.tally.flush(endpoint.state.condition, waiting: endpoint.count) }
    }

    private func age(_ place: HomeEndpoint.Place, _ endpoint: HomeEndpoint) {
        guard var request = endpoint.request(at: place) else { return }
        let window = client.configuration.liveness.responseWindow.clampedNanoseconds
        if !request.isOverdue, now &- request.sentAt >= window {
            request.isOverdue = true
            endpoint.update(request, at: place)
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
        case .probe: noting(endpoint) { $0.probeUnanswered() }
        case .record: endpoint.tally.count(.recordLost)
        }
    }

    private func probe(_ endpoint: HomeEndpoint) {
        guard let place = endpoint.freePlace(),
            let signed = try? endpoint.secret.statusServer(identifier: place.identifier)
        else { return }
        let wait = client.configuration.liveness.probeInterval.clampedNanoseconds
        endpoint.tally.count(.probe)
        endpoint.start(
            ForwardedRequest(purpose: .probe, signed: signed, serial: 0, sentAt: now, expiresAt: now &+ wait),
            at: place)
    }

    private func end() {
        for endpoint in endpoints {
            for place in endpoint.places {
                if case .login(let submission)? = endpoint.request(at: place)?.purpose { drop(submission, .homeSilent) }
                endpoint.release(place)
            }
            endpoint.tally.flush(endpoint.state.condition, waiting: 0)
        }
        for case .submission(let submission) in client.take().messages { drop(submission, .homeSilent) }
    }
}
