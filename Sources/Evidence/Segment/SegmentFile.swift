/// A stored segment, its clear part read: what can be said and checked of it without a key.
public struct SegmentFile: Sendable {
    /// The clear part.
    public let header: SegmentHeader
    /// Length and hash of each part.
    public let directory: SegmentDirectory
    /// What the log should say of it.
    public let seal: SegmentSeal
    let source: SegmentSource
    private let bodyStart: Int

    /// Reads header and directory; the whole must be as long as they say.
    public init(_ source: SegmentSource) throws(EvidenceError) {
        self.source = source
        let prefix = try source.read(0..<14, SegmentHeader.structure)
        let length = try SegmentHeader.length(prefix)
        let head = try source.read(0..<length, SegmentHeader.structure)
        header = try SegmentHeader(head)
        bodyStart = length + header.parts * SegmentDirectory.entryLength
        let listed = try source.read(length..<bodyStart, SegmentDirectory.structure)
        directory = try SegmentDirectory(listed, header)
        guard source.size >= bodyStart + header.bodyLength else {
            throw EvidenceError(.truncated, in: "segment", at: source.size)
        }
        guard source.size == bodyStart + header.bodyLength else {
            throw EvidenceError(.trailingOctets, in: "segment", at: bodyStart + header.bodyLength)
        }
        seal = SegmentSeal(headerHash: Digest(of: head), directoryHash: Digest(of: listed), length: source.size)
    }

    /// `block 3`, `dictionary page 0`, `index`.
    public func partName(_ number: Int) -> String { SegmentPart(number: number, of: header).name(header) }

    /// Where in the object a part lies.
    public func partRange(_ number: Int) -> Range<Int> {
        let part = directory.parts[number]
        return bodyStart + part.offset..<bodyStart + part.offset + part.length
    }

    /// The octets of a part, which must have the hash that the directory says.
    public func part(_ number: Int) throws(EvidenceError) -> [UInt8] {
        let octets = try source.read(partRange(number), partName(number))
        guard Digest(of: octets) == directory.parts[number].hash else {
            throw EvidenceError(.hashMismatch, in: partName(number), at: 0)
        }
        return octets
    }

    /// The share, or whole key, that `key` opens; an officer has one for each of two pairs.
    public func shares(of key: ArchiveKey) throws(EvidenceError) -> [KeyShare] {
        try KeyShare.all(of: key, header.wrappedKeys, header.context, SegmentHeader.structure)
    }
}
