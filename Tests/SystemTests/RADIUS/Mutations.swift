/// Ways to spoil a packet, the same in every run with the same seed.
struct Mutations {
    /// SplitMix64.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }

    private var numbers: Numbers

    init(seed: UInt64) { numbers = Numbers(state: seed) }

    private mutating func octet() -> UInt8 { UInt8.random(in: 0...255, using: &numbers) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }

    /// The packet cut, padded, with octets changed at random or in its header, or nothing but noise.
    mutating func mutate(_ packet: [UInt8]) -> [UInt8] {
        var octets = packet
        switch number(0...7) {
        case 0: octets = Array(octets.prefix(number(1...octets.count)))
        case 1: for _ in 0..<number(1...4000) { octets.append(octet()) }
        case 2: octets[number(20...octets.count - 1)] = octet()
        case 3: octets[2] = octet()
        case 4: octets[3] = octet()
        case 5: octets[0] = octet()
        case 6: octets = (0..<number(1...200)).map { _ in octet() }
        default: for _ in 0..<number(2...20) { octets[number(0...octets.count - 1)] = octet() }
        }
        return octets
    }
}
