/// An IPv4 or IPv6 address in 128 bits: IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), "none" as ::.
public struct NetworkAddress: Hashable, Sendable, Comparable, BitwiseCopyable, CustomStringConvertible {
    /// The first 64 bits, as a number.
    public var high: UInt64
    /// The last 64 bits, as a number.
    public var low: UInt64

    /// From the two halves.
    public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// From an IPv4 address as a number: 192.0.2.1 is 0xc0000201.
    public init(v4: UInt32) { (high, low) = (0, 0xffff_0000_0000 | UInt64(v4)) }

    /// From 4 or 16 octets in network order; nil for another count.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        (high, low) = (0, octets.count == 4 ? 0xffff : 0)
        for octet in octets {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(octet)
        }
    }

    /// No address.
    public static let none = NetworkAddress(high: 0, low: 0)

    /// The IPv4 address as a number, where it is one.
    public var v4: UInt32? { high == 0 && low >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil }

    /// The 16 octets in network order.
    public var octets: [UInt8] {
        (0..<16).map { (octet: Int) -> UInt8 in
            let half = octet < 8 ? high : low
            return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (octet & 7)))
        }
    }

    /// By number.
    public static func < (left: NetworkAddress, right: NetworkAddress) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// Dotted for IPv4, RFC 5952 for IPv6.
    public var description: String {
        if let v4 { return (0..<4).map { String(v4 >> (24 - 8 * $0) & 255) }.joined(separator: ".") }
        let groups = (0..<8).map { (group: Int) -> UInt64 in
            let half = group < 4 ? high : low
            return half >> UInt64(48 - 16 * (group & 3)) & 0xffff
        }
        guard let zeros = NetworkAddress.longestZeros(groups) else { return NetworkAddress.text(groups[...]) }
        return NetworkAddress.text(groups[..<zeros.lowerBound]) + "::"
            + NetworkAddress.text(groups[zeros.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt64>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first longest run of two or more groups of zero (RFC 5952 §4.2).
    private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best.count > 1 ? best : nil
    }
}
