internal import Metrics

/// What is counted of one service of one home server. Not Sendable: it belongs to the proxy's thread.
final class HomeServerTally {
    /// The values of the `event` label.
    enum Event: String, CaseIterable {
        /// Sent for the first time.
        case request
        /// Sent again: the NAS did, or a record was not answered.
        case retransmission
        /// Status-Server.
        case probe
        /// Authentic replies.
        case accept, reject, challenge
        case accountingResponse = "accounting_response"
        case probeReply = "probe_reply"
        /// The response window passed without a reply.
        case timeout
        /// Not authentic, or not to be passed on: ignored.
        case badReply = "bad_reply"
        /// To nothing that is under way.
        case lateReply = "late_reply"
        /// No identifier was free.
        case overloaded
        /// A request of its own, which we do not serve here.
        case unexpected
        /// Records that no server took.
        case recordLost = "record_lost"
    }

    private var counts: [Event: Int64] = [:]
    private var counters: [Event: Counter] = [:]
    private var buckets = [Int64](repeating: 0, count: LatencyBuckets.upperBounds.count + 1)
    private var bucketCounters: [Int: Counter] = [:]
    private var microseconds: Int64 = 0
    private let latencySum: Counter
    private let alive: Gauge
    private let waiting: Gauge
    private let dimensions: [(String, String)]

    init(server: String, service: Endpoint) {
        dimensions = [
            ("home", server), ("service", service == .authentication ? "authentication" : "accounting"),
        ]
        alive = Gauge(label: "socle_proxy_home_alive", dimensions: dimensions)
        waiting = Gauge(label: "socle_proxy_home_waiting", dimensions: dimensions)
        latencySum = Counter(label: "socle_proxy_home_latency_microseconds_total", dimensions: dimensions)
    }

    func count(_ event: Event) { counts[event, default: 0] += 1 }

    /// Counts the time from the first transmission to an authentic reply.
    func latency(nanoseconds: UInt64) {
        buckets[LatencyBuckets.index(microseconds: nanoseconds / 1000)] += 1
        microseconds &+= Int64(truncatingIfNeeded: nanoseconds / 1000)
    }

    /// Adds what was counted since the last time to the metrics. Alive is 1, suspect 0.5, dead 0.
    func flush(_ condition: HomeServerState.Condition, waiting count: Int) {
        switch condition {
        case .alive: alive.record(1)
        case .zombie: alive.record(0.5)
        case .dead: alive.record(0)
        }
        waiting.record(count)
        for (event, count) in counts where count > 0 { counter(event).increment(by: count) }
        counts.removeAll(keepingCapacity: true)
        if microseconds > 0 { latencySum.increment(by: microseconds) }
        microseconds = 0
        for index in buckets.indices where buckets[index] > 0 {
            bucket(index).increment(by: buckets[index])
            buckets[index] = 0
        }
    }

    private func counter(_ event: Event) -> Counter {
        if let counter = counters[event] { return counter }
        let made = Counter(
            label: "socle_proxy_home_events_total", dimensions: dimensions + [("event", event.rawValue)])
        counters[event] = made
        return made
    }

    private func bucket(_ index: Int) -> Counter {
        if let counter = bucketCounters[index] { return counter }
        let made = Counter(
            label: "socle_proxy_home_latency_total", dimensions: dimensions + [("le", LatencyBuckets.label(index))])
        bucketCounters[index] = made
        return made
    }
}
