import Synchronization

/// How one part of the process is.
struct ComponentHealth: Encodable, Equatable, Sendable {
    enum State: String, Encodable, Sendable {
        /// Works.
        case ok
        /// Not yet: waits for something, named in the detail.
        case starting
        /// Works with less: known users only, accounting to the spool.
        case degraded
        /// Does not work.
        case failed
        /// Is being shut down.
        case stopping
    }
    var state: State
    /// Why, in words without identities.
    var detail: String = ""
}

/// What `/health` says: each part reports, the board remembers. Parts are few and named when they are composed.
final class HealthBoard: Sendable {
    /// A part whose state is asked for at the moment of the question rather than reported.
    typealias Probe = @Sendable () -> ComponentHealth

    private let reported = Mutex<[String: ComponentHealth]>([:])
    private let probes = Mutex<[String: Probe]>([:])

    func report(_ component: String, _ state: ComponentHealth.State, _ detail: String = "") {
        reported.withLock { $0[component] = ComponentHealth(state: state, detail: detail) }
    }

    /// From now on `component` is what `probe` says, while its report is `ok`.
    func attach(_ component: String, _ probe: @escaping Probe) {
        probes.withLock { $0[component] = probe }
    }

    func snapshot() -> HealthReport {
        var components = reported.withLock { $0 }
        for (name, probe) in probes.withLock({ $0 }) where components[name]?.state ?? .ok == .ok {
            components[name] = probe()
        }
        return HealthReport(components: components)
    }
}

/// The document `/health` answers with.
struct HealthReport: Encodable, Equatable, Sendable {
    enum Status: String, Encodable, Sendable { case ok, degraded, unavailable }
    var status: Status
    var components: [String: ComponentHealth]

    init(components: [String: ComponentHealth]) {
        self.components = components
        let states = components.values.map(\.state)
        if states.contains(where: { $0 == .failed || $0 == .starting || $0 == .stopping }) {
            status = .unavailable
        } else {
            status = states.contains(.degraded) ? .degraded : .ok
        }
    }

    /// 200 while visitors are served, even with less; 503 otherwise, so that a balancer sends them elsewhere.
    var httpStatus: Int { status == .unavailable ? 503 : 200 }
}
