internal import Store
internal import Territory

/// An accounting record by reference: it is hundreds of octets of fields, and a batch passes it on several times.
final class RecordBox: Sendable {
    let record: AccountingRecord
    /// The session it is about.
    let reference: SessionReference

    init(_ record: AccountingRecord) {
        self.record = record
        reference = SessionReference(nasID: record.nasID, key: record.sessionKey)
    }

    /// Whether it is about a whole NAS.
    var isAboutNAS: Bool { record.kind == .on || record.kind == .off }
}
