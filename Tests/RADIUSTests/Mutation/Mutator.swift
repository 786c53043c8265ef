/// Deterministic mutations of packets: the same seed gives the same octets on every machine.
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

    /// One of the ways in which a datagram can be wrong.
    mutating func mutate(_ seed: [UInt8], other: [UInt8]) -> [UInt8] {
        var octets = seed
        switch below(10) {
        case 0: octets.removeLast(below(octets.count + 1))
        case 1: octets += (0..<below(5000)).map { _ in octet() }
        case 2: setLength(&octets, below(70_000) & 0xffff)
        case 3: for _ in 0...below(8) where !octets.isEmpty { octets[below(octets.count)] = octet() }
        case 4: for _ in 0...below(3) where !octets.isEmpty { octets[below(octets.count)] ^= 1 << UInt8(below(8)) }
        case 5: octets = (0..<below(4200)).map { _ in octet() }
        case 6: overlap(&octets)
        case 7:
            octets = Array(octets.prefix(below(octets.count + 1))) + other.suffix(below(other.count + 1))
            setLength(&octets, octets.count)
        case 8:
            octets = Array(octets.prefix(20))
            for _ in 0..<below(260) { octets += [octet(), UInt8(below(6))] + [octet(), octet()].prefix(below(3)) }
            setLength(&octets, octets.count)
        default:
            octets = Array(octets.prefix(20)) + vendorAttribute() + octets.dropFirst(20)
            setLength(&octets, octets.count)
        }
        return octets
    }

    private func setLength(_ octets: inout [UInt8], _ length: Int) {
        guard octets.count >= 4 else { return }
        octets[2] = UInt8(truncatingIfNeeded: length >> 8)
        octets[3] = UInt8(truncatingIfNeeded: length)
    }

    /// Gives one attribute a length that reaches into, or beyond, those behind it.
    private mutating func overlap(_ octets: inout [UInt8]) {
        var offset = 20
        while offset + 1 < octets.count {
            if below(3) == 0 {
                octets[offset + 1] = octet()
                return
            }
            offset += max(2, Int(octets[offset + 1]))
        }
    }

    private mutating func vendorAttribute() -> [UInt8] {
        let vendors: [[UInt8]] = [[0, 0, 0x37, 0x2a], [0, 0, 0x3a, 0x8c], [0, 0, 0x38, 0xdf], [octet(), 0, 0, 9]]
        let content = vendors[below(4)] + (0..<below(30)).map { _ in UInt8(below(12)) }
        return [26, UInt8(content.count + 2 + (below(4) == 0 ? below(9) : 0))] + content
    }
}
