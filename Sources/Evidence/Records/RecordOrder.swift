/// Sorts rows by (principal, public port, transport, start) without moving them.
///
/// Principal and port become a rank of few bits beside the row's number in one 64-bit word, so that a radix sort moves
/// eight octets a row; what ties is then ordered by transport and start. 22 bits of rank (a distinct principal needs a
/// row), 16 of port and 22 of row number fit.
struct RecordOrder {
    private let rows: RowStore
    private let layout: RowLayout
    private let rowBits: Int

    init(_ rows: RowStore, _ layout: RowLayout) {
        (self.rows, self.layout) = (rows, layout)
        rowBits = RecordOrder.bits(rows.count)
    }

    private static func bits(_ count: Int) -> Int { max(1, Int.bitWidth - max(count - 1, 1).leadingZeroBitCount) }

    /// Row numbers in order.
    func permutation(seed: UInt64) -> [UInt32] {
        let (packed, keyBits) = keys(seed: seed)
        var keys = packed
        radix(&keys, keyBits: keyBits)
        settleTies(&keys)
        let mask = UInt64(1) << UInt64(rowBits) - 1
        return keys.map { UInt32(truncatingIfNeeded: $0 & mask) }
    }

    private func keys(seed: UInt64) -> (keys: [UInt64], bits: Int) {
        let portBits = layout.schema.has(.publicPort) ? 16 : 0
        var table = AddressTable(seed: seed)
        var keys = [UInt64](repeating: 0, count: rows.count)
        for index in 0..<rows.count { keys[index] = UInt64(table.insert(layout.principal(rows.row(index)))) }
        let ranks = table.ranks()
        for index in 0..<rows.count {
            let key = UInt64(ranks[Int(keys[index])]) << UInt64(portBits) | UInt64(layout.port(rows.row(index)))
            keys[index] = key << UInt64(rowBits) | UInt64(index)
        }
        return (keys, portBits + RecordOrder.bits(ranks.count))
    }

    /// Stable, least significant digit first, over the bits above the row's number.
    private func radix(_ keys: inout [UInt64], keyBits: Int) {
        let passes = (keyBits + 10) / 11
        let digitBits = (keyBits + passes - 1) / passes
        var other = [UInt64](repeating: 0, count: keys.count)
        for pass in 0..<passes {
            let shift = UInt64(rowBits + pass * digitBits)
            keys.withUnsafeBufferPointer { from in
                other.withUnsafeMutableBufferPointer { RecordOrder.distribute(from, $0, shift: shift, bits: digitBits) }
            }
            swap(&keys, &other)
        }
    }

    private static func distribute(
        _ from: UnsafeBufferPointer<UInt64>, _ to: UnsafeMutableBufferPointer<UInt64>, shift: UInt64, bits: Int
    ) {
        let mask = UInt64(1) << UInt64(bits) - 1
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << bits) { places in
            places.initialize(repeating: 0)
            for key in from { places[Int(truncatingIfNeeded: key >> shift & mask)] += 1 }
            var sum = 0
            for digit in places.indices {
                let count = places[digit]
                places[digit] = sum
                sum += count
            }
            for key in from {
                let digit = Int(truncatingIfNeeded: key >> shift & mask)
                to[places[digit]] = key
                places[digit] += 1
            }
        }
    }

    private func settleTies(_ keys: inout [UInt64]) {
        var start = 0
        while start < keys.count {
            let key = keys[start] >> UInt64(rowBits)
            var end = start + 1
            while end < keys.count, keys[end] >> UInt64(rowBits) == key { end += 1 }
            if end - start > 1 { settle(&keys[start..<end]) }
            start = end
        }
    }

    private func settle(_ keys: inout ArraySlice<UInt64>) {
        let mask = UInt64(1) << UInt64(rowBits) - 1
        var ranked = keys.map { (rank: layout.rank(rows.row(Int($0 & mask))), key: $0) }
        ranked.sort { $0.rank != $1.rank ? $0.rank < $1.rank : $0.key < $1.key }
        for (place, entry) in zip(keys.indices, ranked) { keys[place] = entry.key }
    }
}
