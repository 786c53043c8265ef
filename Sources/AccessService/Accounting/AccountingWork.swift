internal import Foundation
internal import Territory

/// An accounting request on its way to being durable.
struct AccountingWork: Sendable {
    var record: AccountingRecord
    var swapsOctets: Bool
    var request: DeferredRequest
    /// Index of the packet thread that answers it.
    var thread: Int

    /// As the spool keeps it.
    var spooled: SpooledRecord {
        SpooledRecord(
            organisation: record.organisationID.rawValue, site: record.siteID.rawValue, nas: record.nasID.rawValue,
            swapsOctets: swapsOctets, receivedAt: record.receivedAt, packet: request.packet)
    }
}
