internal import Metrics

/// The counters of one NAS on one packet thread: plain integers, added to the metrics once a second.
///
/// Not Sendable: it belongs to one thread, so that counting a packet is one addition without an atomic.
final class GatewayTally {
    private static let kinds = TallyKind.allCases.count
    private static let buckets = LatencyBuckets.upperBounds.count + 1
    private static let size = kinds + buckets + 1

    private let counts: UnsafeMutablePointer<UInt64>
    private let flushed: UnsafeMutablePointer<UInt64>
    private let dimensions: [(String, String)]
    private var counters: [Int: Counter] = [:]
    private var rejects: [String: (count: Int64, counter: Counter)] = [:]
    private var isDirty = false

    init(gateway: Int64, name: String) {
        counts = .allocate(capacity: Self.size)
        flushed = .allocate(capacity: Self.size)
        counts.initialize(repeating: 0, count: Self.size)
        flushed.initialize(repeating: 0, count: Self.size)
        dimensions = [("nas", String(gateway)), ("name", name)]
    }

    deinit {
        counts.deallocate()
        flushed.deallocate()
    }

    func count(_ kind: TallyKind) {
        counts[kind.rawValue] &+= 1
        isDirty = true
    }

    /// Counts a reject under the reason that the portal explains to the visitor.
    func countReject(_ reason: String) {
        count(.reject)
        if rejects[reason] == nil {
            let counter = Counter(
                label: "socle_access_rejects_total", dimensions: dimensions + [("reason", reason)])
            rejects[reason] = (0, counter)
        }
        rejects[reason]?.count += 1
    }

    /// Counts the time from a request's arrival to its reply.
    func latency(nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        counts[Self.kinds + LatencyBuckets.index(microseconds: microseconds)] &+= 1
        counts[Self.size - 1] &+= microseconds
        isDirty = true
    }

    /// Adds what was counted since the last time to the metrics.
    func flush() {
        guard isDirty else { return }
        isDirty = false
        for index in 0..<(Self.kinds + Self.buckets) where counts[index] != flushed[index] {
            counter(index).increment(by: Int64(truncatingIfNeeded: counts[index] &- flushed[index]))
            flushed[index] = counts[index]
        }
        flushLatency()
        for (reason, entry) in rejects where entry.count > 0 {
            entry.counter.increment(by: entry.count)
            rejects[reason]?.count = 0
        }
    }

    /// Shows the NAS's posture against forged replies (BlastRADIUS, CVE-2024-3596): 1 when what comes without
    /// Message-Authenticator is dropped, 0 while it is served.
    func show(isProtected: Bool) {
        Gauge(label: "socle_access_message_authenticator_required", dimensions: dimensions).record(isProtected ? 1 : 0)
    }

    private func flushLatency() {
        let index = Self.size - 1
        guard counts[index] != flushed[index] else { return }
        let counter =
            counters[index]
            ?? Counter(
                label: "socle_access_latency_microseconds_total", dimensions: dimensions)
        counters[index] = counter
        counter.increment(by: Int64(truncatingIfNeeded: counts[index] &- flushed[index]))
        flushed[index] = counts[index]
    }

    private func counter(_ index: Int) -> Counter {
        if let counter = counters[index] { return counter }
        let made: Counter
        if index < Self.kinds {
            let label = TallyKind(rawValue: index)?.label ?? ""
            made = Counter(label: "socle_access_events_total", dimensions: dimensions + [("event", label)])
        } else {
            // One counter per bucket, not cumulative: a query sums them (`le` names the bucket's upper bound).
            made = Counter(
                label: "socle_access_latency_total",
                dimensions: dimensions + [("le", LatencyBuckets.label(index - Self.kinds))])
        }
        counters[index] = made
        return made
    }
}
