/// The clear part at the front of a journal: what a segment's header says, but for what is not known yet.
public struct JournalHeader: Sendable, Equatable {
    /// What the journal says of itself; `sealedAt` is when it was begun.
    public let label: SegmentLabel
    /// The code of its ``Schema``.
    public let kind: UInt16
    /// As in ``SegmentHeader``.
    public let commitment: Digest
    /// The data key, wrapped.
    public let wrappedKeys: [WrappedKey]

    static let magic = [UInt8]("SOCLEJNL".utf8)
    static let version: UInt16 = 1
    static let structure = "journal header"

    var context: KeyContext {
        KeyContext(
            segment: label.id, kind: kind, period: label.period, recordClass: label.recordClass, tenant: label.tenant,
            commitment: commitment)
    }

    /// The octets, with the header's own length at octet 10.
    func encoded() throws(EvidenceError) -> [UInt8] {
        var octets = JournalHeader.magic
        octets.put(JournalHeader.version)
        octets.put(UInt32(0))
        octets += label.id.octets
        octets.put(kind)
        octets.append(SegmentHeader.suite)
        for time in [label.period.lowerBound, label.period.upperBound, label.sealedAt, label.expiresAt] {
            octets.put(time)
        }
        octets += commitment.octets
        for text in [label.recordClass, label.tenant, label.policy, label.basis] {
            try octets.put(text: text, JournalHeader.structure)
        }
        octets.append(UInt8(wrappedKeys.count))
        for key in wrappedKeys { try key.write(to: &octets) }
        var length: [UInt8] = []
        length.put(UInt32(octets.count))
        octets.replaceSubrange(10..<14, with: length)
        return octets
    }

    /// Reads the header at the front of a journal's octets, and how long it is.
    static func read(_ octets: ArraySlice<UInt8>) throws(EvidenceError) -> (header: JournalHeader, length: Int) {
        var reader = ByteReader(octets, structure)
        guard try reader.take(8).elementsEqual(magic) else { throw EvidenceError(.malformed, in: structure, at: 0) }
        guard try reader.u16() == version else { throw EvidenceError(.unsupported, in: structure, at: 8) }
        let length = try reader.count(upTo: SegmentLimits.header)
        guard length > 14, length <= octets.count else { throw EvidenceError(.truncated, in: structure, at: 10) }
        var fields = ByteReader(octets.prefix(length).dropFirst(14), structure)
        let header = try JournalHeader(&fields)
        try fields.finish()
        return (header, length)
    }

    private init(_ reader: inout ByteReader) throws(EvidenceError) {
        let id = SegmentID(try reader.take(16))
        kind = try reader.u16()
        guard let id, Schema.withID(kind) != nil, try reader.u8() == SegmentHeader.suite else {
            throw reader.fault(.unsupported)
        }
        let (from, to, begunAt, expiresAt) = (
            try reader.i64(), try reader.i64(), try reader.i64(), try reader.i64()
        )
        guard from <= to else { throw reader.fault(.malformed) }
        guard let commitment = Digest(try reader.take(Digest.length)) else { throw reader.fault(.truncated) }
        self.commitment = commitment
        label = SegmentLabel(
            id: id, recordClass: try reader.text(), tenant: try reader.text(), period: from..<to, sealedAt: begunAt,
            expiresAt: expiresAt, policy: try reader.text(), basis: try reader.text())
        let count = Int(try reader.u8())
        guard count <= SegmentLimits.wrappedKeys else { throw reader.fault(.limitExceeded) }
        var keys: [WrappedKey] = []
        for _ in 0..<count { keys.append(try WrappedKey(&reader)) }
        wrappedKeys = keys
    }

    init(label: SegmentLabel, kind: UInt16, commitment: Digest, wrappedKeys: [WrappedKey]) {
        (self.label, self.kind, self.commitment, self.wrappedKeys) = (label, kind, commitment, wrappedKeys)
    }
}
