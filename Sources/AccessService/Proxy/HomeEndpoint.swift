internal import RADIUS
internal import Territory

/// One service of one home server, as the proxy's thread sees it: what is thought of it, its sockets, what is under way.
///
/// Bound: `limit` sockets, each with the 256 identifiers there are.
final class HomeEndpoint {
    /// Where a request under way is kept.
    struct Place: Hashable {
        var endpoint: Int
        var socket: Int
        var identifier: UInt8
    }

    /// One socket and its identifiers.
    final class Lane {
        let socket: ConnectedSocket
        fileprivate(set) var requests = [ForwardedRequest?](repeating: nil, count: 256)
        fileprivate(set) var count = 0
        // Identifiers go round, so that a late reply rarely meets another request.
        fileprivate var next = UInt8.random(in: .min ... .max)

        init(_ socket: ConnectedSocket) { self.socket = socket }
    }

    let server: HomeServer
    let service: Endpoint
    let index: Int
    let secret: SharedSecret
    let tally: HomeServerTally
    var state: HomeServerState
    private(set) var lanes: [Lane] = []
    private let address: PeerAddress
    private let limit: Int

    init(
        _ server: HomeServer, _ service: Endpoint, index: Int, address: PeerAddress, configuration: ProxyConfiguration
    ) throws(RADIUSError) {
        (self.server, self.service, self.index, self.address) = (server, service, index, address)
        secret = try SharedSecret(server.secret.bytes)
        tally = HomeServerTally(server: server.name, service: service)
        state = HomeServerState(configuration.liveness, isProbed: server.answersStatus)
        limit = configuration.socketsPerServer
    }

    /// Requests under way.
    var count: Int { lanes.reduce(0) { $0 + $1.count } }

    /// A free identifier; nil when all are taken. It is taken by `keep`.
    func freePlace() -> Place? {
        for (index, lane) in lanes.enumerated() where lane.count < 256 {
            for _ in 0..<256 {
                lane.next &+= 1
                if lane.requests[Int(lane.next)] == nil {
                    return Place(endpoint: self.index, socket: index, identifier: lane.next)
                }
            }
        }
        guard lanes.count < limit, let socket = try? ConnectedSocket(to: address) else { return nil }
        lanes.append(Lane(socket))
        return freePlace()
    }

    /// Keeps a request at its place and sends it.
    func start(_ request: ForwardedRequest, at place: Place) {
        lanes[place.socket].requests[Int(place.identifier)] = request
        lanes[place.socket].count += 1
        send(request, at: place)
    }

    /// Sends a request that is kept, for the first time or again.
    func send(_ request: ForwardedRequest, at place: Place) {
        _ = lanes[place.socket].socket.send(request.signed.bytes)
    }

    /// The request at a place.
    func request(at place: Place) -> ForwardedRequest? {
        guard lanes.indices.contains(place.socket) else { return nil }
        return lanes[place.socket].requests[Int(place.identifier)]
    }

    /// Puts back a request that has changed.
    func update(_ request: ForwardedRequest, at place: Place) {
        lanes[place.socket].requests[Int(place.identifier)] = request
    }

    /// Frees a place.
    func release(_ place: Place) {
        guard request(at: place) != nil else { return }
        lanes[place.socket].requests[Int(place.identifier)] = nil
        lanes[place.socket].count -= 1
    }

    /// All places taken.
    var places: [Place] {
        lanes.enumerated().filter { $0.element.count > 0 }.flatMap { socket, lane in
            lane.requests.indices.filter { lane.requests[$0] != nil }.map {
                Place(endpoint: index, socket: socket, identifier: UInt8(truncatingIfNeeded: $0))
            }
        }
    }
}
