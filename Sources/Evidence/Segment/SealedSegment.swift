/// A segment as it is stored: header, directory, encrypted parts.
public struct SealedSegment: Sendable {
    /// The header, read or written.
    public let header: SegmentHeader
    /// What the log's SEALED entry says of it.
    public let seal: SegmentSeal
    /// Every octet of the object.
    public let octets: [UInt8]

    init(
        _ packing: SegmentPacking, _ schema: Schema, _ label: SegmentLabel, _ recipients: Recipients,
        key: DataKey = .fresh()
    ) throws(EvidenceError) {
        guard let commitment = key.commitment(label.id) else { throw EvidenceError(.cryptography, in: "commitment") }
        let context = KeyContext(label, kind: schema.id, commitment: commitment)
        let header = SegmentHeader(
            label: label, kind: schema.id, records: packing.records, blocks: packing.blocks, pages: packing.pages,
            bodyLength: packing.frames.count + packing.ranges.count * SegmentPart.tagLength, commitment: commitment,
            wrappedKeys: try recipients.wrap(key, for: context))
        let head = try header.encoded()
        guard head.count <= SegmentLimits.header, packing.ranges.count <= SegmentLimits.parts,
            header.bodyLength <= SegmentLimits.segment
        else { throw EvidenceError(.limitExceeded, in: SegmentHeader.structure) }
        let sealed = try SealedSegment.body(packing, header, Digest(of: head), key)
        let directory = sealed.directory.encoded()
        self.header = header
        seal = SegmentSeal(
            headerHash: Digest(of: head), directoryHash: Digest(of: directory),
            length: head.count + directory.count + header.bodyLength)
        octets = SealedSegment.joined(head, directory, sealed.body)
    }

    private static func joined(_ head: [UInt8], _ directory: [UInt8], _ body: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(head.count + directory.count + body.count)
        octets += head
        octets += directory
        octets += body
        return octets
    }

    private static func body(_ packing: SegmentPacking, _ header: SegmentHeader, _ headerHash: Digest, _ key: DataKey)
        throws(EvidenceError) -> (body: [UInt8], directory: SegmentDirectory)
    {
        let partKey = key.partKey(header.label.id)
        var body: [UInt8] = []
        body.reserveCapacity(header.bodyLength)
        var parts: [SegmentDirectory.Part] = []
        for (number, range) in packing.ranges.enumerated() {
            let start = body.count
            let plain = UnsafeRawBufferPointer(rebasing: packing.frames.octets[range])
            try SegmentPart(number: number, of: header).seal(plain, partKey, headerHash, to: &body)
            let hash = Digest.of(body[start...])
            parts.append(SegmentDirectory.Part(offset: start, length: body.count - start, hash: hash))
        }
        return (body, SegmentDirectory(parts: parts))
    }
}

/// What binds a segment's octets: the header directly, the parts through the directory of their hashes.
public struct SegmentSeal: Sendable, Hashable {
    /// SHA-256 of the header.
    public let headerHash: Digest
    /// SHA-256 of the directory.
    public let directoryHash: Digest
    /// Octets of the object.
    public let length: Int

    /// From an entry of the log.
    public init(headerHash: Digest, directoryHash: Digest, length: Int) {
        (self.headerHash, self.directoryHash, self.length) = (headerHash, directoryHash, length)
    }
}
