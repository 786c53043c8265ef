internal import RADIUS
internal import Territory

/// One service of one home server, as the proxy's thread sees it: what is thought of it, how it is reached, what is under
/// way.
///
/// Bound: lanes of 256 requests, as many as the transport has.
final class HomeEndpoint {
    /// Where a request under way is kept.
    struct Place: Hashable, Sendable {
        var endpoint: Int
        var lane: Int
        var identifier: UInt8
    }

    /// 256 places.
    private struct Lane {
        var requests = [ForwardedRequest?](repeating: nil, count: 256)
        var count = 0
        // Identifiers go round, so that a late reply rarely meets another request.
        var next = UInt8.random(in: .min ... .max)
    }

    let server: HomeServer
    let service: Endpoint
    let index: Int
    let secret: SharedSecret
    let tally: HomeServerTally
    let transport: any HomeTransport
    var state: HomeServerState
    private var lanes: [Lane] = []

    init(
        _ server: HomeServer, _ service: Endpoint, index: Int, transport: any HomeTransport,
        liveness: LivenessParameters
    ) throws(RADIUSError) {
        (self.server, self.service, self.index, self.transport) = (server, service, index, transport)
        secret = try SharedSecret(server.secret.bytes)
        tally = HomeServerTally(server: server.name, service: service)
        state = HomeServerState(liveness, isProbed: server.answersStatus, isConnection: server.tls != nil)
    }

    /// What the choice among servers goes by: whoever is not connected to is asked last, as a suspect is.
    var condition: HomeServerState.Condition {
        state.isAlive && !transport.isConnected ? .zombie(since: 0) : state.condition
    }

    /// Requests under way.
    var count: Int { lanes.reduce(0) { $0 + $1.count } }

    /// A free identifier; nil when all are taken. It is taken by `keep`.
    func freePlace() -> Place? {
        for index in lanes.indices where lanes[index].count < 256 {
            for _ in 0..<256 {
                lanes[index].next &+= 1
                let identifier = lanes[index].next
                if lanes[index].requests[Int(identifier)] == nil {
                    return Place(endpoint: self.index, lane: index, identifier: identifier)
                }
            }
        }
        guard transport.addLane() else { return nil }
        lanes.append(Lane())
        return freePlace()
    }

    /// Keeps a request at a free place, or one that has changed at its own.
    func keep(_ request: ForwardedRequest, at place: Place) {
        guard lanes.indices.contains(place.lane) else { return }
        if lanes[place.lane].requests[Int(place.identifier)] == nil { lanes[place.lane].count += 1 }
        lanes[place.lane].requests[Int(place.identifier)] = request
    }

    /// The request at a place.
    func request(at place: Place) -> ForwardedRequest? {
        guard lanes.indices.contains(place.lane) else { return nil }
        return lanes[place.lane].requests[Int(place.identifier)]
    }

    /// Frees a place.
    func release(_ place: Place) {
        guard request(at: place) != nil else { return }
        lanes[place.lane].requests[Int(place.identifier)] = nil
        lanes[place.lane].count -= 1
    }

    /// All places taken.
    var places: [Place] {
        lanes.enumerated().filter { $0.element.count > 0 }.flatMap { index, lane in
            lane.requests.indices.filter { lane.requests[$0] != nil }.map {
                Place(endpoint: self.index, lane: index, identifier: UInt8(truncatingIfNeeded: $0))
            }
        }
    }
}
