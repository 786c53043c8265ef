/// Breaks octets in the ways that parsers fall over: flipped, cut, doubled, spliced, with lengths that lie.
struct Mutator {
    private var generator: SplitMix
    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(generator.next() % UInt64(limit)) : 0 }

    /// Octets that mean something to one parser or another.
    private static let telling = Array("<>[]{}()\"\\=:,.-+ \t\n0912axfZ".utf8) + [0, 0xff, 0x80, 0xc3]

    mutating func mutate(_ octets: [UInt8], other: [UInt8]) -> [UInt8] {
        var result = octets
        for _ in 0...below(3) {
            let place = below(result.count)
            switch below(9) {
            case 0: if !result.isEmpty { result[place] = UInt8(truncatingIfNeeded: generator.next()) }
            case 1: result = Array(result.prefix(place))
            case 2: if !result.isEmpty { result[place] = Self.telling[below(Self.telling.count)] }
            case 3: result.insert(Self.telling[below(Self.telling.count)], at: place)
            case 4: if !result.isEmpty { result.remove(at: place) }
            case 5: result = Array(result.prefix(place)) + other.suffix(below(other.count))
            case 6: result += result.suffix(below(result.count))
            case 7: setLength(&result, at: place & ~1)
            default:
                let end = place + below(result.count - place)
                result.replaceSubrange(place..<end, with: Array("99999999999999999999".utf8).prefix(below(20)))
            }
        }
        return result
    }

    /// Two octets become a length such as 0, 3, or far beyond the end.
    private mutating func setLength(_ octets: inout [UInt8], at place: Int) {
        guard place + 1 < octets.count else { return }
        let lengths: [UInt16] = [0, 1, 3, 4, 255, 256, 65_534, 65_535, UInt16(truncatingIfNeeded: octets.count)]
        let length = lengths[below(lengths.count)]
        (octets[place], octets[place + 1]) = (UInt8(length >> 8), UInt8(length & 0xff))
    }
}
