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

    var context: KeyContext {
        KeyContext(
            segment: label.id, kind: kind, period: label.period, recordClass: label.recordClass, tenant: label.tenant,
            commitment: commitment)
    }

    /// The octets, with the header's own length at octet 10.
    func encoded() throws(EvidenceError) -> [UInt8] {
        guard SegmentHeader.accepts(recordClass: label.recordClass) else {
            throw EvidenceError(.malformed, in: "\(SegmentHeader.structure), class")
        }
        var octets = SegmentHeader.magic
        octets.put(SegmentHeader.version)
        octets.put(UInt32(0))
        octets += label.id.octets
        octets.put(kind)
        octets.append(SegmentHeader.suite)
        for time in [label.period.lowerBound, label.period.upperBound, label.sealedAt, label.expiresAt] {
            octets.put(time)
        }
        for count in [records, blocks, pages] { octets.put(UInt32(count)) }
        octets.put(UInt64(bodyLength))
        octets += commitment.octets
        for text in [label.recordClass, label.tenant, label.policy, label.basis] {
            try octets.put(text: text, SegmentHeader.structure)
        }
        octets.append(UInt8(wrappedKeys.count))
        for key in wrappedKeys { try key.write(to: &octets) }
        var length: [UInt8] = []
        length.put(UInt32(octets.count))
        octets.replaceSubrange(10..<14, with: length)
        return octets
    }

    /// The length that a header announces in its first 14 octets.
    static func length(_ prefix: [UInt8]) throws(EvidenceError) -> Int {
        var reader = ByteReader(prefix, structure)
        guard try reader.take(8).elementsEqual(magic) else { throw EvidenceError(.malformed, in: structure, at: 0) }
        guard try reader.u16() == version else { throw EvidenceError(.unsupported, in: structure, at: 8) }
        let length = try reader.count(upTo: SegmentLimits.header)
        guard length > 14 else { throw EvidenceError(.malformed, in: structure, at: 10) }
        return length
    }

    /// Reads a whole header.
    init(_ octets: [UInt8]) throws(EvidenceError) {
        guard try SegmentHeader.length(octets) == octets.count else {
            throw EvidenceError(.truncated, in: SegmentHeader.structure, at: octets.count)
        }
        var reader = ByteReader(octets, SegmentHeader.structure)
        _ = try reader.take(14)
        let id = SegmentID(try reader.take(16))
        kind = try reader.u16()
        guard let id, Schema.withID(kind) != nil, try reader.u8() == SegmentHeader.suite else {
            throw reader.fault(.unsupported)
        }
        let (from, to, sealedAt, expiresAt) = (
            try reader.i64(), try reader.i64(), try reader.i64(), try reader.i64()
        )
        guard from <= to else { throw reader.fault(.malformed) }
        records = try reader.count(upTo: SegmentLimits.records)
        blocks = try reader.count(upTo: SegmentLimits.parts)
        pages = try reader.count(upTo: SegmentLimits.parts)
        let length = try reader.u64()
        guard blocks > 0, records >= blocks, blocks + pages < SegmentLimits.parts,
            length <= UInt64(SegmentLimits.segment)
        else { throw reader.fault(.limitExceeded) }
        bodyLength = Int(length)
        guard let commitment = Digest(try reader.take(Digest.length)) else { throw reader.fault(.truncated) }
        self.commitment = commitment
        label = SegmentLabel(
            id: id, recordClass: try reader.text(), tenant: try reader.text(), period: from..<to, sealedAt: sealedAt,
            expiresAt: expiresAt, policy: try reader.text(), basis: try reader.text())
        wrappedKeys = try SegmentHeader.keys(&reader)
        try reader.finish()
        guard SegmentHeader.accepts(recordClass: label.recordClass) else {
            throw EvidenceError(.malformed, in: "\(SegmentHeader.structure), class")
        }
    }

    /// A class is part of an object's name: 1 to 32 ASCII letters, digits, hyphens and underscores.
    private static func accepts(recordClass: String) -> Bool {
        (1...32).contains(recordClass.utf8.count)
            && recordClass.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func keys(_ reader: inout ByteReader) throws(EvidenceError) -> [WrappedKey] {
        let count = Int(try reader.u8())
        guard count <= SegmentLimits.wrappedKeys else { throw reader.fault(.limitExceeded) }
        var keys: [WrappedKey] = []
        for _ in 0..<count { keys.append(try WrappedKey(&reader)) }
        return keys
    }

    init(
        label: SegmentLabel, kind: UInt16, records: Int, blocks: Int, pages: Int, bodyLength: Int, commitment: Digest,
        wrappedKeys: [WrappedKey]
    ) {
        (self.label, self.kind, self.records, self.blocks, self.pages) = (label, kind, records, blocks, pages)
        (self.bodyLength, self.commitment, self.wrappedKeys) = (bodyLength, commitment, wrappedKeys)
    }
}
