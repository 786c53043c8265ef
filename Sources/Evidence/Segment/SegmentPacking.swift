/// The parts of a segment, compressed and not yet encrypted.
struct SegmentPacking {
    /// The frames one after another.
    let frames: OctetBuffer
    /// Where each frame is.
    private(set) var ranges: [Range<Int>] = []
    let records: Int
    private(set) var blocks = 0
    private(set) var pages = 0

    init(_ builder: SegmentBuilder) throws(EvidenceError) {
        records = builder.rows.count
        frames = OctetBuffer(capacity: records * 16)
        let compressor = try BlockCompressor()
        let order = RecordOrder(builder.rows, builder.layout).permutation(seed: builder.seed)
        let (destinations, dictionary) = SegmentPacking.dictionary(builder)
        let encoder = BlockEncoder(
            layout: builder.layout, rows: builder.rows, texts: builder.texts, destinations: destinations)
        var index = SegmentIndex(blocks: [], dictionary: dictionary.count)
        for range in SegmentPacking.ranges(order, builder) {
            encoder.encode(order[range])
            try add(compressor, encoder.output.octets, encoder.cuts)
            index.blocks.append(SegmentPacking.summary(order[range], builder))
        }
        blocks = index.blocks.count
        for start in stride(from: 0, to: dictionary.count, by: SegmentLimits.page) {
            let page = dictionary[start..<min(start + SegmentLimits.page, dictionary.count)]
            try add(compressor, SegmentPacking.page(page), page.count)
            pages += 1
        }
        try add(compressor, index.encoded(), 0)
    }

    private mutating func add(_ compressor: BlockCompressor, _ octets: UnsafeRawBufferPointer, _ cuts: [Int])
        throws(EvidenceError)
    {
        guard octets.count <= SegmentLimits.part else { throw EvidenceError(.limitExceeded, in: "part") }
        let start = frames.count
        try compressor.compress(octets, cuts: cuts, to: frames)
        ranges.append(start..<frames.count)
    }

    /// Cuts after every `plane` octets.
    private mutating func add(_ compressor: BlockCompressor, _ octets: [UInt8], _ plane: Int) throws(EvidenceError) {
        let cuts = plane == 0 ? [] : Array(stride(from: plane, to: octets.count, by: plane))
        let added = octets.withUnsafeBytes { bytes in
            Result { () throws(EvidenceError) in try add(compressor, bytes, cuts) }
        }
        try added.get()
    }

    // Blocks.

    /// Blocks of the usual count of records, fewer where their octet strings are long.
    private static func ranges(_ order: [UInt32], _ builder: SegmentBuilder) -> [Range<Int>] {
        guard builder.schema.has(.payload) else {
            return stride(from: 0, to: order.count, by: builder.blockRecords).map {
                $0..<min($0 + builder.blockRecords, order.count)
            }
        }
        let offset = builder.layout.offset(.payload)
        var ranges: [Range<Int>] = []
        var (start, size) = (0, 0)
        for (place, row) in order.enumerated() {
            let token = builder.rows.row(Int(row)).loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let length = builder.texts.range(Int(token)).count
            if place > start, size + length > SegmentLimits.usualBlockText || place - start == builder.blockRecords {
                ranges.append(start..<place)
                (start, size) = (place, 0)
            }
            size += length
        }
        return ranges + [start..<order.count]
    }

    private static func summary(_ order: ArraySlice<UInt32>, _ builder: SegmentBuilder) -> SegmentIndex.Block {
        let (layout, rows) = (builder.layout, builder.rows)
        let place = { (row: UInt32?) in
            let row = rows.row(Int(row ?? 0))
            return SegmentIndex.Place(principal: layout.principal(row), port: layout.port(row))
        }
        var block = SegmentIndex.Block(
            count: order.count, first: place(order.first), last: place(order.last), earliest: .max, latest: .min,
            span: 0)
        let (start, end, portEnd) = (layout.offset(.start), layout.offset(.end), layout.offset(.publicPortEnd))
        for row in order {
            let row = rows.row(Int(row))
            block.earliest = min(block.earliest, row.loadUnaligned(fromByteOffset: start, as: Int64.self))
            block.latest = max(block.latest, row.loadUnaligned(fromByteOffset: end, as: Int64.self))
            guard portEnd >= 0 else { continue }
            let (last, first) = (row.loadUnaligned(fromByteOffset: portEnd, as: UInt16.self), layout.port(row))
            if last > first { block.span = max(block.span, last - first) }
        }
        return block
    }

    // The dictionary.

    /// For each row its number in the dictionary, and the dictionary's addresses: the most frequent first.
    private static func dictionary(_ builder: SegmentBuilder) -> (numbers: [UInt32], addresses: [NetworkAddress]) {
        let offset = builder.layout.offset(.destinationAddress)
        guard offset >= 0 else { return ([], []) }
        var table = AddressTable(seed: builder.seed)
        var numbers = [UInt32](repeating: 0, count: builder.rows.count)
        for index in 0..<builder.rows.count {
            let row = builder.rows.row(index)
            numbers[index] = table.insert(row.loadUnaligned(fromByteOffset: offset, as: NetworkAddress.self))
        }
        let order = table.byFrequency()
        let positions = table.positions(of: order)
        for index in numbers.indices { numbers[index] = positions[Int(numbers[index])] }
        return (numbers, order.map { table.addresses[$0] })
    }

    /// Sixteen planes.
    private static func page(_ addresses: ArraySlice<NetworkAddress>) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(addresses.count * 16)
        for plane in 0..<16 {
            let shift = UInt64(56 - 8 * (plane & 7))
            for address in addresses {
                octets.append(UInt8(truncatingIfNeeded: (plane < 8 ? address.high : address.low) >> shift))
            }
        }
        return octets
    }
}
