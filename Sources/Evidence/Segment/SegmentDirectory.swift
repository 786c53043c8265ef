/// What follows the header: for each part its length and the SHA-256 of its ciphertext, so that a changed octet is
/// located without a key.
public struct SegmentDirectory: Sendable, Equatable {
    /// One part.
    public struct Part: Sendable, Equatable {
        /// Octets from the start of the parts.
        public let offset: Int
        /// Octets, the tag included.
        public let length: Int
        /// SHA-256 of those octets.
        public let hash: Digest
    }

    /// The parts in order.
    public let parts: [Part]

    static let entryLength = 4 + Digest.length
    static let structure = "segment directory"

    init(parts: [Part]) { self.parts = parts }

    /// Reads the directory of a header's parts.
    init(_ octets: [UInt8], _ header: SegmentHeader) throws(EvidenceError) {
        var reader = ByteReader(octets, SegmentDirectory.structure)
        var parts: [Part] = []
        var offset = 0
        for _ in 0..<header.parts {
            let length = Int(try reader.u32())
            guard length > SegmentPart.tagLength, length <= header.bodyLength - offset else {
                throw reader.fault(.inconsistent)
            }
            guard let hash = Digest(try reader.take(Digest.length)) else { throw reader.fault(.truncated) }
            parts.append(Part(offset: offset, length: length, hash: hash))
            offset += length
        }
        try reader.finish()
        guard offset == header.bodyLength else { throw reader.fault(.inconsistent) }
        self.parts = parts
    }

    func encoded() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(parts.count * SegmentDirectory.entryLength)
        for part in parts {
            octets.put(UInt32(part.length))
            octets += part.hash.octets
        }
        return octets
    }
}
