internal import Evidence
internal import NetworkLogs
internal import Territory

/// A segment that takes records: in memory, and in an encrypted journal from which nothing is lost.
///
/// One owner, the archiver. Bound: 90 octets of memory a record, at most ``ArchiveLimits/records`` of them.
final class OpenSegment {
    let key: SegmentKey
    let label: SegmentLabel
    let builder: SegmentBuilder
    /// When its first record came.
    let openedAt: Int64
    private(set) var isDirty = false
    private let writer: JournalWriter
    private var journal: DurableFiles.Appending
    private var sources: [LogSourceID: (source: Token, site: Token)] = [:]
    /// Frames that the disk has refused so far: encrypted once, they must follow in this order.
    private var pending: [UInt8] = []

    init(
        _ key: SegmentKey, _ schema: Schema, _ label: SegmentLabel, recipients: Recipients, openedAt: Int64,
        path: String, files: DurableFiles
    ) throws {
        let writer = try JournalWriter(schema, label, to: recipients)
        journal = try files.begin(path, writer.header)
        (self.key, self.label, self.openedAt, self.writer) = (key, label, openedAt, writer)
        builder = SegmentBuilder(schema, capacity: 4_096)
    }

    var count: Int { builder.count }

    func append(_ record: IntakeRecord, of source: LogSource) throws(EvidenceError) {
        let isTrusted = SegmentKey.clockStart(of: record).isTrusted
        var new = NewRecord(record, isTrusted: isTrusted)
        if let known = sources[record.source] {
            (new.source, new.site) = known
        } else {
            new.source = try builder.intern(source.name)
            new.site = try builder.intern(source.site.rawValue)
            sources[record.source] = (new.source, new.site)
        }
        if let session = record.event.sessionID { new.reference = try builder.intern(String(session, radix: 36)) }
        try builder.append(new)
        isDirty = true
    }

    /// Makes everything durable that was appended. After an error nothing is lost: the next call goes on.
    func synchronise(_ files: DurableFiles) throws {
        guard isDirty else { return }
        pending += try writer.frames(of: builder)
        if !pending.isEmpty {
            try files.append(pending, to: &journal)
            pending = []
        }
        try files.synchronise(journal)
        try files.probe(.framesSynchronised)
        isDirty = false
    }
}
