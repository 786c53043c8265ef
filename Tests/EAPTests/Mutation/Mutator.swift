/// Deterministic mutations: the same seed gives the same octets on every machine.
struct Mutator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

    mutating func octet() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in octet() } }

    /// One of the ways in which octets can be wrong.
    mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
        var octets = seed
        switch below(7) {
        case 0: octets.removeLast(below(octets.count + 1))
        case 1: octets += self.octets(below(64))
        case 2: for _ in 0...below(6) where !octets.isEmpty { octets[below(octets.count)] = octet() }
        case 3: for _ in 0...below(3) where !octets.isEmpty { octets[below(octets.count)] ^= 1 << UInt8(below(8)) }
        case 4: octets = self.octets(below(200))
        case 5 where !octets.isEmpty:
            let place = below(octets.count)
            octets.insert(contentsOf: octets[place...].prefix(below(40)), at: place)
        default: for place in octets.indices.prefix(16) where below(8) == 0 { octets[place] = octet() }
        }
        return octets
    }

    /// A response whose header is mostly right, so that the mutation reaches what is behind it.
    mutating func response(like seed: [UInt8]) -> [UInt8] {
        let header = Array(seed.prefix(4)), type = Array(seed.dropFirst(4).prefix(1))
        switch below(8) {
        case 0: return mutate(seed)
        case 1: return withLength(header + type + [0xc0] + octets(4) + octets(below(1200)))
        case 2: return withLength(header + type + [UInt8(below(256))] + octets(below(40)))
        case 3: return withLength(header + [[3, 1, 13, 21, 25, 254, 2][below(7)]] + octets(below(30)))
        default: return withLength(header + type + mutate(Array(seed.dropFirst(5))))
        }
    }

    private func withLength(_ octets: [UInt8]) -> [UInt8] {
        guard octets.count >= 4 else { return octets }
        var octets = octets
        octets[2] = UInt8(truncatingIfNeeded: octets.count >> 8)
        octets[3] = UInt8(truncatingIfNeeded: octets.count)
        return octets
    }
}
