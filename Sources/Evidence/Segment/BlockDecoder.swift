/// The columns of an expanded block. Every length is checked against the block before it is used; numbers of entries
/// are checked against the entries.
struct BlockDecoder {
    let schema: Schema
    let count: Int
    private let octets: [UInt8]
    private let structure: String
    /// Where each column's encoding octet is, and where the column ends.
    private var columns: [Range<Int>] = []

    init(_ octets: [UInt8], _ schema: Schema, count: Int, _ structure: String) throws(EvidenceError) {
        (self.octets, self.schema, self.count, self.structure) = (octets, schema, count, structure)
        var reader = ByteReader(octets, structure)
        for _ in schema.fields {
            let length = try reader.count(upTo: SegmentLimits.part)
            let column = try reader.take(length)
            guard length > 0 else { throw reader.fault(.malformed) }
            columns.append(column.indices)
        }
        try reader.finish()
    }

    private func column(_ field: Field) throws(EvidenceError) -> (encoding: ColumnEncoding, reader: ByteReader) {
        guard let place = schema.fields.firstIndex(of: field) else {
            throw EvidenceError(.unsupported, in: "\(structure), column \(field)")
        }
        var reader = ByteReader(octets[columns[place]], "\(structure), column \(field)")
        guard let encoding = ColumnEncoding(rawValue: try reader.u8()) else { throw reader.fault(.unsupported) }
        return (encoding, reader)
    }

    /// A column of integers, signed ones as two's complement.
    func integers(_ field: Field) throws(EvidenceError) -> [UInt64] {
        var (encoding, reader) = try column(field)
        var values: [UInt64]
        switch encoding {
        case .constant: values = [UInt64](repeating: try reader.u64(), count: count)
        case .planes:
            let base = try reader.u64()
            values = try planes(&reader)
            for index in values.indices { values[index] &+= base }
        case .differences:
            var value = try reader.u64()
            values = try planes(&reader)
            for index in values.indices {
                value &+= values[index] >> 1 ^ (0 &- (values[index] & 1))
                values[index] = value
            }
        case .numbers: values = try numbered(&reader)
        case .addresses, .texts, .dictionary: throw reader.fault(.malformed)
        }
        try reader.finish()
        guard let base = field.base else { return values }
        let bases = try integers(base)
        for index in values.indices { values[index] &+= bases[index] }
        return values
    }

    private func numbered(_ reader: inout ByteReader) throws(EvidenceError) -> [UInt64] {
        let entries = try entryCount(&reader)
        var values: [UInt64] = []
        for _ in 0..<entries { values.append(try reader.u64()) }
        return try planes(&reader, below: entries).map { values[Int($0)] }
    }

    /// At least one entry, and no more than there are records.
    private func entryCount(_ reader: inout ByteReader) throws(EvidenceError) -> Int {
        let entries = try reader.count(upTo: count)
        guard entries > 0 else { throw reader.fault(.malformed) }
        return entries
    }

    /// Planes after their width; a width of 0 is a zero for every record.
    private func planes(_ reader: inout ByteReader, below limit: Int? = nil) throws(EvidenceError) -> [UInt64] {
        let width = Int(try reader.u8())
        guard width <= 8 else { throw reader.fault(.malformed) }
        let planes = try reader.take(width * count)
        var values = [UInt64](repeating: 0, count: count)
        planes.withUnsafeBufferPointer { planes in
            values.withUnsafeMutableBufferPointer { values in
                for plane in 0..<width {
                    let shift = UInt64(8 * plane)
                    for index in 0..<count { values[index] |= UInt64(planes[plane * count + index]) << shift }
                }
            }
        }
        if let limit, !values.allSatisfy({ $0 < UInt64(limit) }) { throw reader.fault(.malformed) }
        return values
    }

    /// A column of addresses; `entry` gives those of the segment's dictionary.
    func addresses(
        _ field: Field, entry: (UInt64) throws(EvidenceError) -> NetworkAddress
    ) throws(EvidenceError) -> [NetworkAddress] {
        var (encoding, reader) = try column(field)
        var addresses: [NetworkAddress] = []
        switch encoding {
        case .addresses: addresses = try planedAddresses(&reader)
        case .dictionary:
            for number in try planes(&reader) { addresses.append(try entry(number)) }
        case .constant, .planes, .differences, .numbers, .texts: throw reader.fault(.malformed)
        }
        try reader.finish()
        return addresses
    }

    private func planedAddresses(_ reader: inout ByteReader) throws(EvidenceError) -> [NetworkAddress] {
        let mask = try reader.u16()
        guard var first = NetworkAddress(octets: try reader.take(16)) else { throw reader.fault(.truncated) }
        for plane in 0..<16 where mask >> UInt16(plane) & 1 == 1 { first.clear(octet: plane) }
        var addresses = [NetworkAddress](repeating: first, count: count)
        for plane in 0..<16 where mask >> UInt16(plane) & 1 == 1 {
            let shift = UInt64(56 - 8 * (plane & 7))
            for (index, octet) in try reader.take(count).enumerated() {
                if plane < 8 {
                    addresses[index].high |= UInt64(octet) << shift
                } else {
                    addresses[index].low |= UInt64(octet) << shift
                }
            }
        }
        return addresses
    }

    /// A column of octet strings: the entries, and for each record the number of its entry.
    func texts(_ field: Field) throws(EvidenceError) -> (entries: [[UInt8]], numbers: [UInt64]) {
        var (encoding, reader) = try column(field)
        guard encoding == .texts else { throw reader.fault(.malformed) }
        var entries: [[UInt8]] = []
        for _ in 0..<(try entryCount(&reader)) { entries.append([UInt8](try reader.take(Int(try reader.u16())))) }
        let numbers = try planes(&reader, below: entries.count)
        try reader.finish()
        return (entries, numbers)
    }
}

extension NetworkAddress {
    /// Makes one of the 16 octets zero.
    mutating func clear(octet: Int) {
        let mask = ~(UInt64(0xff) << UInt64(56 - 8 * (octet & 7)))
        if octet < 8 { high &= mask } else { low &= mask }
    }
}
