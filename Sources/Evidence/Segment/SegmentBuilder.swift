/// Gathers records of one kind and seals them. One owner: it holds unencrypted records and is not `Sendable`.
///
/// Takes ``Schema`` many octets a record (90 for translations) and, while it seals, the sealed octets beside them.
public final class SegmentBuilder {
    /// The kind of segment.
    public let schema: Schema
    let layout: RowLayout
    let rows: RowStore
    private(set) var texts: Interner
    let seed: UInt64
    /// Records of a block, where their octet strings are not long; at most ``SegmentLimits/blockRecords``.
    var blockRecords = SegmentLimits.usualBlock

    /// An empty builder with room for `capacity` records, more of which it takes up to ``SegmentLimits/records``.
    public init(_ schema: Schema, capacity: Int = 1 << 16) {
        self.schema = schema
        layout = RowLayout(schema)
        rows = RowStore(stride: layout.stride, capacity: min(capacity, SegmentLimits.records))
        seed = DataKey.random(8).reduce(0) { $0 << 8 | UInt64($1) }
        texts = Interner(seed: seed)
    }

    /// Records so far.
    public var count: Int { rows.count }

    /// Octets of memory the records take.
    public var memory: Int { rows.count * layout.stride + texts.octets.count }

    /// Takes in an octet string, or finds it again; at most 65 535 octets.
    public func intern(_ octets: some Collection<UInt8>) throws(EvidenceError) -> Token {
        let found = octets.withContiguousStorageIfAvailable { octets in
            Result { () throws(EvidenceError) in try texts.intern(UnsafeRawBufferPointer(octets)) }
        }
        if let found { return try found.get() }
        return try intern([UInt8](octets))
    }

    /// Takes in a text as UTF-8.
    public func intern(_ text: String) throws(EvidenceError) -> Token { try intern(text.utf8) }

    /// Adds a record whose octet strings were taken in by this builder.
    public func append(_ record: borrowing NewRecord) throws(EvidenceError) {
        guard rows.count < SegmentLimits.records else { throw EvidenceError(.full, in: "segment") }
        let tokens = max(
            max(record.subject.index, record.source.index, record.site.index),
            max(record.accessPoint.index, record.reference.index, record.payload.index))
        guard Int(tokens) < texts.count else { throw EvidenceError(.malformed, in: "token of another segment") }
        layout.write(record, to: rows.next())
    }

    /// Adds a record as a reader gives it.
    public func append(_ record: ArchivedRecord) throws(EvidenceError) { try append(try translate(record)) }

    private func translate(_ record: ArchivedRecord) throws(EvidenceError) -> NewRecord {
        var new = NewRecord()
        new.copyNumbers(of: record)
        new.subject = try intern(record.subject)
        new.source = try intern(record.source)
        new.site = try intern(record.site)
        new.accessPoint = try intern(record.accessPoint)
        new.reference = try intern(record.reference)
        new.payload = try intern(record.payload)
        return new
    }

    /// Sorts, compresses and encrypts the records under a fresh key. The builder may be sealed again, or dropped.
    public func seal(_ label: SegmentLabel, to recipients: Recipients) throws(EvidenceError) -> SealedSegment {
        guard count > 0 else { throw EvidenceError(.empty, in: "segment") }
        let packing = try SegmentPacking(self)
        return try SealedSegment(packing, schema, label, recipients)
    }
}

extension AttributionRecord {
    /// Takes over every field but the octet strings.
    mutating func copyNumbers<Other>(of other: AttributionRecord<Other>) {
        (start, end, received) = (other.start, other.end, other.received)
        (publicAddress, publicPort, publicPortEnd) = (other.publicAddress, other.publicPort, other.publicPortEnd)
        (transport, privateAddress, privatePort) = (other.transport, other.privateAddress, other.privatePort)
        (destinationAddress, destinationPort) = (other.destinationAddress, other.destinationPort)
        (mac, event, flags) = (other.mac, other.event, other.flags)
        (clockOffset, clockTolerance) = (other.clockOffset, other.clockTolerance)
        (octetsIn, octetsOut) = (other.octetsIn, other.octetsOut)
    }
}
