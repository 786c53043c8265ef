/// Turns some thousand rows, in their order, into the columns of a block.
final class BlockEncoder {
    private let layout: RowLayout
    private let rows: RowStore
    private let texts: Interner
    /// For each row the number of its destination in the segment's dictionary.
    private let destinations: [UInt32]
    private let gathered: OctetBuffer
    /// Room for a column, and for the one it is relative to. Buffers, not arrays: the loops over them are where sealing
    /// spends its time. They have room for the longest block, and `count` never exceeds it.
    private let values: UnsafeMutableBufferPointer<UInt64>
    private let bases: UnsafeMutableBufferPointer<UInt64>
    /// The number that an octet string has in this block, by its token; good where `stamps` holds this block.
    private let local: UnsafeMutableBufferPointer<UInt32>
    private let stamps: UnsafeMutableBufferPointer<UInt32>
    private var stamp: UInt32 = 0
    /// The columns of the block.
    let output: OctetBuffer
    /// Where in `output` a plane or the head of a column ends: what compresses alike is kept together.
    private(set) var cuts: [Int] = []
    private var count = 0

    init(layout: RowLayout, rows: RowStore, texts: Interner, destinations: [UInt32]) {
        (self.layout, self.rows, self.texts, self.destinations) = (layout, rows, texts, destinations)
        gathered = OctetBuffer(capacity: layout.stride * SegmentLimits.usualBlock)
        output = OctetBuffer(capacity: layout.stride * SegmentLimits.usualBlock)
        values = .allocate(capacity: SegmentLimits.blockRecords)
        bases = .allocate(capacity: SegmentLimits.blockRecords)
        local = .allocate(capacity: texts.count)
        stamps = .allocate(capacity: texts.count)
        for column in [values, bases] { column.initialize(repeating: 0) }
        for table in [local, stamps] { table.initialize(repeating: 0) }
    }

    deinit {
        for column in [values, bases] { column.deallocate() }
        for table in [local, stamps] { table.deallocate() }
    }

    /// The values of the column at hand.
    private var column: UnsafeMutableBufferPointer<UInt64> { .init(rebasing: values[..<count]) }

    /// Fills `output` and `cuts`; `order` holds row numbers, at most ``SegmentLimits/blockRecords``.
    func encode(_ order: ArraySlice<UInt32>) {
        count = min(order.count, SegmentLimits.blockRecords)
        gathered.clear()
        output.clear()
        cuts.removeAll(keepingCapacity: true)
        for index in order {
            gathered.extend(layout.stride).update(
                from: rows.row(Int(index)).assumingMemoryBound(to: UInt8.self), count: layout.stride)
        }
        for field in layout.schema.fields {
            let start = output.count
            output.put(UInt32(0))
            switch field.shape {
            case .integer: encodeInteger(field)
            case .octets: encodeTexts(field)
            case .address where field == .destinationAddress: encodeDestinations(order)
            case .address: encodeAddresses(field)
            }
            output.patch(UInt32(output.count - start - 4), at: start)
            cut()
        }
    }

    private func cut() { if cuts.last != output.count { cuts.append(output.count) } }

    private func put(_ encoding: ColumnEncoding) { output.put(encoding.rawValue) }

    // Integers.

    private func encodeInteger(_ field: Field) {
        load(field, into: values)
        let column = column
        if let base = field.base {
            load(base, into: bases)
            for index in column.indices { column[index] &-= bases[index] }
        }
        let first = column.first ?? 0
        if column.allSatisfy({ $0 == first }) {
            put(.constant)
            output.put(first)
        } else if field == .mac {
            encodeNumbers()
        } else if field == .publicPort || layout.schema.principal == .none && field == .start {
            encodeDifferences(from: first)
        } else {
            encodePlanes()
        }
    }

    private func encodePlanes() {
        var (least, most) = (Int64.max, Int64.min)
        let column = column
        for value in column {
            least = min(least, Int64(bitPattern: value))
            most = max(most, Int64(bitPattern: value))
        }
        let base = UInt64(bitPattern: least)
        for index in column.indices { column[index] &-= base }
        put(.planes)
        output.put(base)
        writePlanes(most: UInt64(bitPattern: most) &- base)
    }

    private func encodeDifferences(from base: UInt64) {
        var before = base
        var most: UInt64 = 0
        let column = column
        for index in column.indices {
            let difference = Int64(bitPattern: column[index] &- before)
            before = column[index]
            column[index] = UInt64(bitPattern: difference << 1 ^ difference >> 63)
            most |= column[index]
        }
        put(.differences)
        output.put(base)
        writePlanes(most: most)
    }

    private func encodeNumbers() {
        var numbers: [UInt64: UInt64] = [:]
        var entries: [UInt64] = []
        let column = column
        for index in column.indices {
            let number = numbers[column[index], default: UInt64(entries.count)]
            if number == entries.count {
                numbers[column[index]] = number
                entries.append(column[index])
            }
            column[index] = number
        }
        put(.numbers)
        output.put(UInt32(entries.count))
        for entry in entries { output.put(entry) }
        writePlanes(most: UInt64(entries.count - 1))
    }

    /// One octet of width, then as many planes as the greatest value needs.
    private func writePlanes(most: UInt64) {
        let width = max(1, (71 - most.leadingZeroBitCount) / 8)
        output.put(UInt8(width))
        for plane in 0..<width {
            cut()
            let place = output.extend(count)
            let shift = UInt64(8 * plane)
            let column = column
            for index in column.indices { place[index] = UInt8(truncatingIfNeeded: column[index] >> shift) }
        }
    }

    // Addresses.

    private func encodeAddresses(_ field: Field) {
        let row = UnsafeRawPointer(gathered.memory) + layout.offset(field)
        let first = row.loadUnaligned(as: NetworkAddress.self)
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<count {
            let address = row.loadUnaligned(fromByteOffset: index * layout.stride, as: NetworkAddress.self)
            high |= address.high ^ first.high
            low |= address.low ^ first.low
        }
        let differing = NetworkAddress(high: high, low: low).octets
        let mask = differing.indices.reduce(UInt16(0)) { differing[$1] == 0 ? $0 : $0 | 1 << UInt16($1) }
        put(.addresses)
        output.put(mask)
        output.put(first.octets, count: 16)
        for plane in 0..<16 where mask >> UInt16(plane) & 1 == 1 {
            cut()
            let place = output.extend(count)
            // A row holds the two halves as little-endian numbers.
            let octet = row + (plane < 8 ? 7 - plane : 23 - plane)
            for index in 0..<count { place[index] = octet.load(fromByteOffset: index * layout.stride, as: UInt8.self) }
        }
    }

    private func encodeDestinations(_ order: ArraySlice<UInt32>) {
        for (place, row) in order.prefix(count).enumerated() { values[place] = UInt64(destinations[Int(row)]) }
        put(.dictionary)
        writePlanes(most: column.max() ?? 0)
    }

    // Octet strings.

    private func encodeTexts(_ field: Field) {
        load(field, into: values)
        stamp += 1
        let (column, stamp) = (column, stamp)
        var entries: [Int] = []
        for index in column.indices {
            // The builder took no token that its table of strings does not have.
            let token = Int(column[index])
            if stamps[token] != stamp {
                stamps[token] = stamp
                local[token] = UInt32(entries.count)
                entries.append(token)
            }
            column[index] = UInt64(local[token])
        }
        put(.texts)
        output.put(UInt32(entries.count))
        for entry in entries {
            let text = texts.text(entry)
            output.put(UInt16(text.count))
            output.put(text, count: text.count)
        }
        if entries.count == 1 { output.put(UInt8(0)) } else { writePlanes(most: UInt64(entries.count - 1)) }
    }

    // Columns out of rows.

    private func load(_ field: Field, into values: UnsafeMutableBufferPointer<UInt64>) {
        let row = UnsafeRawPointer(gathered.memory) + layout.offset(field)
        let stride = layout.stride
        switch field.rowWidth {
        case 1: for i in 0..<count { values[i] = UInt64(row.load(fromByteOffset: i * stride, as: UInt8.self)) }
        case 2:
            for i in 0..<count { values[i] = UInt64(row.loadUnaligned(fromByteOffset: i * stride, as: UInt16.self)) }
        case 4 where field == .clockOffset:
            for i in 0..<count {
                let offset = row.loadUnaligned(fromByteOffset: i * stride, as: Int32.self)
                values[i] = UInt64(bitPattern: Int64(offset))
            }
        case 4:
            for i in 0..<count { values[i] = UInt64(row.loadUnaligned(fromByteOffset: i * stride, as: UInt32.self)) }
        default:
            for i in 0..<count { values[i] = row.loadUnaligned(fromByteOffset: i * stride, as: UInt64.self) }
        }
    }
}
