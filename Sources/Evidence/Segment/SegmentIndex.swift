/// What the last part holds: where each block begins and ends in the order of records, and over which time.
struct SegmentIndex {
    struct Block {
        var count: Int
        var first: Place
        var last: Place
        /// The earliest start and the latest end.
        var earliest: Int64
        var latest: Int64
        /// The greatest `publicPortEnd` − `publicPort`.
        var span: UInt16
    }

    /// A place in the order of records.
    struct Place: Comparable {
        var principal: NetworkAddress
        var port: UInt16

        static func < (left: Place, right: Place) -> Bool {
            left.principal != right.principal ? left.principal < right.principal : left.port < right.port
        }
    }

    var blocks: [Block]
    /// Entries of the dictionary.
    var dictionary: Int

    static let structure = "index"

    func encoded() -> [UInt8] {
        var octets: [UInt8] = []
        octets.put(UInt32(blocks.count))
        octets.put(UInt32(dictionary))
        for block in blocks {
            octets.put(UInt32(block.count))
            for place in [block.first, block.last] {
                octets += place.principal.octets
                octets.put(place.port)
            }
            octets.put(block.earliest)
            octets.put(block.latest)
            octets.put(block.span)
        }
        return octets
    }

    init(blocks: [Block], dictionary: Int) { (self.blocks, self.dictionary) = (blocks, dictionary) }

    init(_ octets: [UInt8], _ header: SegmentHeader) throws(EvidenceError) {
        var reader = ByteReader(octets, SegmentIndex.structure)
        guard Int(try reader.u32()) == header.blocks else { throw reader.fault(.inconsistent) }
        dictionary = try reader.count(upTo: header.pages * SegmentLimits.page)
        blocks = []
        var total = 0
        for _ in 0..<header.blocks {
            let count = try reader.count(upTo: SegmentLimits.blockRecords)
            let block = Block(
                count: count, first: try SegmentIndex.place(&reader), last: try SegmentIndex.place(&reader),
                earliest: try reader.i64(), latest: try reader.i64(), span: try reader.u16())
            guard count > 0, block.first <= block.last, blocks.last.map({ $0.last <= block.first }) ?? true else {
                throw reader.fault(.unordered)
            }
            blocks.append(block)
            total += count
        }
        try reader.finish()
        guard total == header.records else { throw reader.fault(.inconsistent) }
    }

    private static func place(_ reader: inout ByteReader) throws(EvidenceError) -> Place {
        guard let principal = NetworkAddress(octets: try reader.take(16)) else { throw reader.fault(.truncated) }
        return Place(principal: principal, port: try reader.u16())
    }
}
