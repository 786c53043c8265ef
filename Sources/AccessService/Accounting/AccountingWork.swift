internal import Foundation
internal import Territory

/// An accounting request on its way to being durable.
final class AccountingWork: Sendable {
    let box: RecordBox
    let swapsOctets: Bool
    let request: DeferredRequest
    /// Index of the packet thread that answers it.
    let thread: Int

    init(_ record: AccountingRecord, swapsOctets: Bool, request: DeferredRequest, thread: Int) {
        box = RecordBox(record)
        (self.swapsOctets, self.request, self.thread) = (swapsOctets, request, thread)
    }

    /// As the spool keeps it.
    var spooled: SpooledRecord {
        let record = box.record
        return SpooledRecord(
            organisation: record.organisationID.rawValue, site: record.siteID.rawValue, nas: record.nasID.rawValue,
            swapsOctets: swapsOctets, receivedAt: record.receivedAt, packet: request.packet)
    }
}
