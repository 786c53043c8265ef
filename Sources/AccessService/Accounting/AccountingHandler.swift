internal import Foundation
internal import RADIUS
internal import Store
internal import Territory

/// Takes accounting requests on a packet thread, and hands those of one receive vector to the committers together.
/// Not Sendable: it belongs to one thread.
final class AccountingHandler {
    private let reader: AccountingReader
    private let committers: AccountingCommitters
    private let thread: Int
    private let calendar: @Sendable () -> Date
    private var receivedAt = Date.distantPast
    /// For each committer, what came for it.
    private var batches: [[AccountingWork]]

    init(environment: AccessEnvironment, thread: Int) {
        reader = AccountingReader(classes: environment.keys.classes)
        (committers, self.thread, calendar) = (environment.committers, thread, environment.clock.calendar)
        batches = Array(repeating: [], count: committers.all.count)
        for index in batches.indices { batches[index].reserveCapacity(DatagramReceiver.vector) }
    }

    func beginBatch() { receivedAt = EventTime.wholeMicroseconds(calendar()) }

    func handle(_ request: Request, on thread: PacketThread) {
        let nas = request.gateway.gateway.nas
        let swaps = request.gateway.gateway.profile?.swapOctets ?? false
        let origin = AccountingReader.Origin(
            nas: nas.id, organisation: nas.organisationID, site: nas.siteID, swapsOctets: swaps)
        guard let record = reader.record(request.packet, origin: origin, receivedAt: receivedAt) else {
            return thread.drop(request, .malformed)
        }
        // Records of one vector go to several committers: their instants keep the order in which they came.
        receivedAt.addTimeInterval(0.000_001)
        batches[committers.index(of: record)].append(
            AccountingWork(
                record, swapsOctets: swaps, request: thread.deferRequest(request), thread: self.thread))
    }

    /// Hands over what came; what the queue has no room for is dropped and the NAS sends it again.
    func endBatch(on thread: PacketThread) {
        for index in batches.indices where !batches[index].isEmpty {
            let accepted = committers.all[index].inbox.append(contentsOf: batches[index])
            if accepted < batches[index].count {
                thread.forget(batches[index][accepted...].map(\.request), .overloadedAccounting)
            }
            batches[index].removeAll(keepingCapacity: true)
        }
    }
}
