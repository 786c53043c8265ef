internal import Foundation
internal import RADIUS
internal import Store
internal import Territory

/// Takes accounting requests on a packet thread, and hands those of one receive vector to the committer together.
/// Not Sendable: it belongs to one thread.
final class AccountingHandler {
    private let reader: AccountingReader
    private let committer: AccountingCommitter
    private let thread: Int
    private let calendar: @Sendable () -> Date
    private var receivedAt = Date.distantPast
    private var batch: [AccountingWork] = []

    init(environment: AccessEnvironment, thread: Int) {
        reader = AccountingReader(classes: environment.keys.classes)
        (committer, self.thread, calendar) = (environment.committer, thread, environment.clock.calendar)
        batch.reserveCapacity(DatagramReceiver.vector)
    }

    func beginBatch() { receivedAt = calendar() }

    func handle(_ request: Request, on thread: PacketThread) {
        let nas = request.gateway.gateway.nas
        let swaps = request.gateway.gateway.profile?.swapOctets ?? false
        let origin = AccountingReader.Origin(
            nas: nas.id, organisation: nas.organisationID, site: nas.siteID, swapsOctets: swaps)
        guard let record = reader.record(request.packet, origin: origin, receivedAt: receivedAt) else {
            return thread.drop(request, .malformed)
        }
        batch.append(
            AccountingWork(
                record, swapsOctets: swaps, request: thread.deferRequest(request), thread: self.thread))
    }

    /// Hands over what came; what the queue has no room for is dropped and the NAS sends it again.
    func endBatch(on thread: PacketThread) {
        guard !batch.isEmpty else { return }
        let accepted = committer.inbox.append(contentsOf: batch)
        if accepted < batch.count {
            thread.forget(batch[accepted...].map(\.request), .overloadedAccounting)
        }
        batch.removeAll(keepingCapacity: true)
    }
}
