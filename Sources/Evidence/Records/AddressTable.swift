/// Distinct addresses, numbered from 0 in the order of arrival, with how often each came.
struct AddressTable {
    private(set) var addresses: [NetworkAddress] = []
    private(set) var counts: [UInt32] = []
    private var slots = [UInt32](repeating: .max, count: 1 << 12)
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    @inline(__always)
    private func place(_ address: NetworkAddress) -> Int {
        let hash = Mixing.fold(Mixing.fold(address.high ^ seed) ^ address.low)
        return Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }

    /// The address's number.
    @inline(__always)
    mutating func insert(_ address: NetworkAddress) -> UInt32 {
        var slot = place(address)
        while slots[slot] != .max {
            let index = slots[slot]
            if addresses[Int(index)] == address {
                counts[Int(index)] &+= 1
                return index
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return add(address, slot)
    }

    private mutating func add(_ address: NetworkAddress, _ slot: Int) -> UInt32 {
        let index = UInt32(addresses.count)
        slots[slot] = index
        addresses.append(address)
        counts.append(1)
        if addresses.count * 2 > slots.count { rehash() }
        return index
    }

    private mutating func rehash() {
        slots = [UInt32](repeating: .max, count: slots.count * 4)
        for (index, address) in addresses.enumerated() {
            var slot = place(address)
            while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index)
        }
    }

    /// For each number, its position in ascending order of addresses.
    func ranks() -> [UInt32] { positions(of: addresses.indices.sorted { addresses[$0] < addresses[$1] }) }

    /// The numbers, the most frequent first and then by address.
    func byFrequency() -> [Int] {
        addresses.indices.sorted {
            counts[$0] != counts[$1] ? counts[$0] > counts[$1] : addresses[$0] < addresses[$1]
        }
    }

    func positions(of order: [Int]) -> [UInt32] {
        var positions = [UInt32](repeating: 0, count: order.count)
        for (position, index) in order.enumerated() { positions[index] = UInt32(position) }
        return positions
    }
}
