public import Foundation

extension UUID {
    /// A version 7 UUID (RFC 9562 §5.7): milliseconds first, so that new rows land at the end of an index, then 74 of
    /// the given random bits.
    public static func timeOrdered(at instant: Date, random: (UInt64, UInt64)) -> UUID {
        let milliseconds = UInt64(exactly: (instant.timeIntervalSince1970 * 1_000).rounded(.down)) ?? 0
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
        let byte = { (word: UInt64, index: UInt64) in UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
