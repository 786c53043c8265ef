internal import Metrics
internal import RADIUS

/// What one packet thread counts that belongs to no NAS: unknown sources, packets that do not parse, replies that the
/// kernel refused. Not Sendable: it belongs to one thread.
final class ThreadTally {
    private var unknownSources: Int64 = 0
    private var malformed: [RADIUSError.Code: Int64] = [:]
    private var refusedReplies: UInt64 = 0
    private var malformedCounters: [RADIUSError.Code: Counter] = [:]
    private let unknownCounter = Counter(label: "socle_access_unknown_source_packets_total")
    private let refusedCounter = Counter(label: "socle_access_replies_not_sent_total")

    func countUnknownSource() { unknownSources += 1 }

    func countMalformed(_ code: RADIUSError.Code) { malformed[code, default: 0] += 1 }

    /// Adds what was counted since the last time to the metrics; `refusedReplies` is a running total.
    func flush(refusedReplies total: UInt64) {
        if unknownSources > 0 {
            unknownCounter.increment(by: unknownSources)
            unknownSources = 0
        }
        if total != refusedReplies {
            refusedCounter.increment(by: Int64(truncatingIfNeeded: total &- refusedReplies))
            refusedReplies = total
        }
        guard !malformed.isEmpty else { return }
        for (code, count) in malformed {
            let counter =
                malformedCounters[code]
                ?? Counter(
                    label: "socle_access_malformed_packets_total", dimensions: [("reason", code.rawValue)])
            malformedCounters[code] = counter
            counter.increment(by: count)
        }
        malformed = [:]
    }
}
