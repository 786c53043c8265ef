/// Values by address block, found by longest prefix. A lookup costs one hash per length in use, which for a territory's
/// gateways is two or three; nothing is allocated.
public struct PrefixTable<Value> {
    private var byLength: [IPAddress.Family: [(length: Int, values: [IPAddress: Value])]] = [:]

    /// An empty table.
    public init() {}

    /// The table of these entries; of two with one prefix the later stays.
    public init(_ entries: some Sequence<(IPPrefix, Value)>) {
        for (prefix, value) in entries { self[prefix] = value }
    }

    /// The value of exactly this block.
    public subscript(prefix: IPPrefix) -> Value? {
        get {
            byLength[prefix.address.family]?.first { $0.length == prefix.length }?.values[prefix.address]
        }
        set {
            var levels = byLength[prefix.address.family] ?? []
            // Longest first, so that the first hit of a lookup is the answer.
            let index = levels.firstIndex { $0.length <= prefix.length } ?? levels.endIndex
            if index == levels.endIndex || levels[index].length != prefix.length {
                levels.insert((prefix.length, [:]), at: index)
            }
            levels[index].values[prefix.address] = newValue
            if levels[index].values.isEmpty { levels.remove(at: index) }
            byLength[prefix.address.family] = levels.isEmpty ? nil : levels
        }
    }

    /// The value of the longest block that holds the address.
    public func longestMatch(_ address: IPAddress) -> Value? {
        guard let levels = byLength[address.family] else { return nil }
        for level in levels {
            if let value = level.values[address.masked(to: level.length)] { return value }
        }
        return nil
    }

    /// How many blocks.
    public var count: Int { byLength.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.values.count } } }
}

extension PrefixTable: Sendable where Value: Sendable {}
