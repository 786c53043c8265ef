internal import Foundation
internal import RADIUS
internal import Territory

/// Where a packet thread notes its decisions: a fixed record each, and the octets of names in one array. Nothing is
/// formatted, hashed or allocated for one decision; the worker does that for hundreds at a time.
///
/// Bound: ``DecisionBatch/largest`` decisions until the next hand-over. A worker that is behind refuses the hand-over, and
/// the decisions are shed and counted: no authentication waits for its log.
///
/// Not Sendable: it belongs to one thread.
final class DecisionSink {
    /// How long a decision waits for others, in nanoseconds.
    static let patience: UInt64 = 100_000_000
    /// Longest text that is kept of an attribute, in octets.
    static let longestText = 128

    private let inbox: BatchInbox<DecisionBatch>
    private let shed: ShedDecisions
    private let clock: AccessClock
    private var batch = DecisionBatch()
    private var firstNoted: UInt64 = 0
    private var stampedAt: UInt64 = 0
    private var date = Date.distantPast

    init(_ writer: DecisionWriter, clock: AccessClock) {
        (inbox, shed, self.clock) = (writer.inbox, writer.shed, clock)
    }

    /// Whether something waits to be handed over.
    var isEmpty: Bool { batch.records.isEmpty }

    /// Notes a decision about a request. `now`: the monotonic instant of the thread's batch.
    func note(_ decision: AccessDecision, _ request: Request, now: UInt64) {
        if batch.records.isEmpty { firstNoted = now }
        if stampedAt != now { (stampedAt, date) = (now, clock.calendar()) }
        let nas = request.gateway.gateway
        let name = keep(request.packet.first(.userName))
        let station = keep(request.packet.first(.callingStationID))
        let latency = clock.monotonic() &- request.receivedAt
        batch.records.append(
            DecisionBatch.Record(
                decision: decision, at: date, nas: nas.nas.id, site: nas.nas.siteID,
                organisation: nas.nas.organisationID, latencyMicroseconds: Int32(clamping: latency / 1000),
                nameLength: name, stationLength: station))
        if batch.records.count >= DecisionBatch.largest { handOver() }
    }

    private func keep(_ attribute: AttributeView?) -> UInt8 {
        guard let value = attribute?.value, !value.isEmpty else { return 0 }
        let kept = value.prefix(Self.longestText)
        batch.texts.append(contentsOf: kept)
        return UInt8(clamping: kept.count)
    }

    /// Hands over what has waited long enough.
    func flush(now: UInt64) {
        if !batch.records.isEmpty, now &- firstNoted >= Self.patience { handOver() }
    }

    /// Hands over all there is.
    func handOver() {
        guard !batch.records.isEmpty else { return }
        if !inbox.append(batch) { shed.count(batch.records.count) }
        batch = DecisionBatch()
    }
}
