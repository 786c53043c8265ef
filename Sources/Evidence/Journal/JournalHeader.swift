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

    var context: KeyContext { KeyContext(label, kind: kind, commitment: commitment) }

    /// The octets, with the header's own length at octet 10.
    func encoded() throws(EvidenceError) -> [UInt8] {
        let structure = JournalHeader.structure
        var octets = try [UInt8](
            headerOf: label, kind: kind, magic: JournalHeader.magic, version: JournalHeader.version, structure)
        try octets.endHeader(label, commitment, wrappedKeys, structure)
        return octets
    }

    /// Reads the header at the front of a journal's octets, and how long it is.
    static func read(_ octets: ArraySlice<UInt8>) throws(EvidenceError) -> (header: JournalHeader, length: Int) {
        var reader = ByteReader(octets, structure)
        let length = try reader.headerLength(magic: magic, version: version)
        guard length <= octets.count else { throw EvidenceError(.truncated, in: structure, at: 10) }
        var fields = ByteReader(octets.prefix(length).dropFirst(14), structure)
        let front = try fields.headerFront()
        let end = try fields.headerEnd(front)
        let header = JournalHeader(
            label: end.label, kind: front.kind, commitment: end.commitment, wrappedKeys: end.wrappedKeys)
        return (header, length)
    }

    init(label: SegmentLabel, kind: UInt16, commitment: Digest, wrappedKeys: [WrappedKey]) {
        (self.label, self.kind, self.commitment, self.wrappedKeys) = (label, kind, commitment, wrappedKeys)
    }
}
