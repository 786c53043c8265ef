internal import Crypto

/// A journal as a process left it: header, and encrypted frames of which the last may be torn.
public struct JournalFile: Sendable {
    /// The clear part.
    public let header: JournalHeader
    /// Where the last whole frame ends: what follows was never promised to anybody.
    public let soundLength: Int
    /// Records in the sound part, as the frames say in the clear.
    public let records: Int
    /// Where each frame's ciphertext and tag are, and how many records it says it holds.
    let frames: [(range: Range<Int>, records: UInt32)]
    private let headerHash: Digest
    private let octets: [UInt8]

    /// Reads the clear part. Throws for a header that cannot be read; a torn end is no fault.
    public init(_ octets: [UInt8]) throws(EvidenceError) {
        let (header, length) = try JournalHeader.read(octets[...])
        (self.header, self.octets, headerHash) = (header, octets, Digest.of(octets[..<length]))
        var frames: [(range: Range<Int>, records: UInt32)] = []
        var (end, records) = (length, 0)
        while octets.count - end >= JournalFrame.prefix {
            var reader = ByteReader(octets[end..<end + JournalFrame.prefix], JournalFrame.structure)
            let (size, count) = (Int(try reader.u32()), try reader.u32())
            let start = end + JournalFrame.prefix
            guard size > 16, size <= octets.count - start else { break }
            frames.append((start..<start + size, count))
            (end, records) = (start + size, records + Int(count))
        }
        (self.frames, soundLength, self.records) = (frames, end, records)
    }

    /// What the log's SEALED entry says of its sound part.
    public var seal: SegmentSeal {
        let start = frames.first.map { $0.range.lowerBound - JournalFrame.prefix } ?? soundLength
        return SegmentSeal(
            headerHash: headerHash, directoryHash: Digest.of(octets[start..<soundLength]), length: soundLength)
    }

    /// The share, or whole key, that `key` opens; an officer has one for each of two pairs.
    public func shares(of key: ArchiveKey) throws(EvidenceError) -> [KeyShare] {
        try KeyShare.all(of: key, header.wrappedKeys, header.context, JournalHeader.structure)
    }

    /// Every record of the sound part, in the order of coming.
    public func records(_ key: DataKey) throws(EvidenceError) -> [ArchivedRecord] {
        guard key.commitment(header.label.id) == header.commitment, let schema = Schema.withID(header.kind) else {
            throw EvidenceError(.authenticationFailed, in: JournalHeader.structure)
        }
        let layout = RowLayout(schema)
        let partKey = key.partKey(header.label.id)
        var texts: [[UInt8]] = [[]]
        var records: [ArchivedRecord] = []
        for (number, frame) in frames.enumerated() {
            let plain = try open(frame.range, UInt32(truncatingIfNeeded: number), frame.records, partKey)
            try JournalFile.read(plain, layout, &texts, &records, "\(JournalFrame.structure) \(number)")
        }
        return records
    }

    private func open(_ range: Range<Int>, _ number: UInt32, _ records: UInt32, _ key: SymmetricKey)
        throws(EvidenceError)
        -> [UInt8]
    {
        let split = range.upperBound - 16
        do {
            let box = try AES.GCM.SealedBox(
                nonce: try JournalFrame.nonce(number), ciphertext: octets[range.lowerBound..<split],
                tag: octets[split..<range.upperBound])
            return [UInt8](
                try AES.GCM.open(
                    box, using: key, authenticating: JournalFrame.additional(headerHash, number, records: records)))
        } catch { throw EvidenceError(.authenticationFailed, in: "\(JournalFrame.structure) \(number)") }
    }

    private static func read(
        _ plain: [UInt8], _ layout: RowLayout, _ texts: inout [[UInt8]], _ records: inout [ArchivedRecord],
        _ structure: String
    ) throws(EvidenceError) {
        var reader = ByteReader(plain, structure)
        let newTexts = try reader.count(upTo: SegmentLimits.texts)
        let newRows = try reader.count(upTo: SegmentLimits.records)
        for _ in 0..<newTexts { texts.append([UInt8](try reader.take(Int(try reader.u16())))) }
        for _ in 0..<newRows {
            let row = [UInt8](try reader.take(layout.stride))
            records.append(try ArchivedRecord(row, layout, texts, structure))
        }
        try reader.finish()
    }
}

extension AttributionRecord where Text == [UInt8] {
    /// A row as a builder packs it; integers are little-endian, addresses two of 64 bits, octet strings numbers of `texts`.
    fileprivate init(_ row: [UInt8], _ layout: RowLayout, _ texts: [[UInt8]], _ structure: String) throws(EvidenceError)
    {
        self.init()
        var reader = ByteReader(row, structure)
        for field in layout.schema.fields {
            switch field.shape {
            case .address: set(field, NetworkAddress(high: try reader.u64(), low: try reader.u64()))
            case .integer: set(field, try reader.number(field.rowWidth))
            case .octets:
                let number = Int(try reader.u32())
                guard texts.indices.contains(number) else { throw reader.fault(.malformed) }
                set(field, texts[number])
            }
        }
    }
}

extension ByteReader {
    /// An integer of that many octets.
    fileprivate mutating func number(_ width: Int) throws(EvidenceError) -> UInt64 {
        switch width {
        case 1: UInt64(try u8())
        case 2: UInt64(try u16())
        case 4: UInt64(try u32())
        default: try u64()
        }
    }
}
