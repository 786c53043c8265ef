/// The clear part at the front of a segment.
public struct SegmentHeader: Sendable, Equatable {
    /// What the segment says of itself.
    public let label: SegmentLabel
    /// The code of its ``Schema``.
    public let kind: UInt16
    /// Records.
    public let records: Int
    /// Blocks of records: parts 0 to blocks − 1.
    public let blocks: Int
    /// Pages of the dictionary: the parts after the blocks.
    public let pages: Int
    /// Octets of all parts.
    public let bodyLength: Int
    /// HKDF of the data key; the same for every recipient.
    public let commitment: Digest
    /// The data key, wrapped.
    public let wrappedKeys: [WrappedKey]

    static let magic = [UInt8]("SOCLESEG".utf8)
    static let version: UInt16 = 1
    /// 1: zstd, then AES-256-GCM; SHA-256; HPKE of X25519, HKDF-SHA256, AES-256-GCM.
    static let suite: UInt8 = 1
    static let structure = "segment header"

    /// Parts: blocks, pages and the index, which is the last.
    public var parts: Int { blocks + pages + 1 }

    var context: KeyContext { KeyContext(label, kind: kind, commitment: commitment) }

    /// The octets, with the header's own length at octet 10.
    func encoded() throws(EvidenceError) -> [UInt8] {
        let structure = SegmentHeader.structure
        var octets = try [UInt8](
            headerOf: label, kind: kind, magic: SegmentHeader.magic, version: SegmentHeader.version, structure)
        for count in [records, blocks, pages] { octets.put(UInt32(count)) }
        octets.put(UInt64(bodyLength))
        try octets.endHeader(label, commitment, wrappedKeys, structure)
        return octets
    }

    /// The length that a header announces in its first 14 octets.
    static func length(_ prefix: [UInt8]) throws(EvidenceError) -> Int {
        var reader = ByteReader(prefix, structure)
        return try reader.headerLength(magic: magic, version: version)
    }

    /// Reads a whole header.
    init(_ octets: [UInt8]) throws(EvidenceError) {
        guard try SegmentHeader.length(octets) == octets.count else {
            throw EvidenceError(.truncated, in: SegmentHeader.structure, at: octets.count)
        }
        var reader = ByteReader(octets, SegmentHeader.structure)
        _ = try reader.take(14)
        let front = try reader.headerFront()
        records = try reader.count(upTo: SegmentLimits.records)
        blocks = try reader.count(upTo: SegmentLimits.parts)
        pages = try reader.count(upTo: SegmentLimits.parts)
        let length = try reader.u64()
        guard blocks > 0, records >= blocks, blocks + pages < SegmentLimits.parts,
            length <= UInt64(SegmentLimits.segment)
        else { throw reader.fault(.limitExceeded) }
        (kind, bodyLength) = (front.kind, Int(length))
        let end = try reader.headerEnd(front)
        (label, commitment, wrappedKeys) = (end.label, end.commitment, end.wrappedKeys)
    }

    init(
        label: SegmentLabel, kind: UInt16, records: Int, blocks: Int, pages: Int, bodyLength: Int, commitment: Digest,
        wrappedKeys: [WrappedKey]
    ) {
        (self.label, self.kind, self.records, self.blocks, self.pages) = (label, kind, records, blocks, pages)
        (self.bodyLength, self.commitment, self.wrappedKeys) = (bodyLength, commitment, wrappedKeys)
    }
}
