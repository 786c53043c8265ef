/// An IPv4 or IPv6 address in sixteen octets; IPv4 is kept as `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
public struct NetworkAddress: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The first eight octets, most significant first.
    public var high: UInt64
    /// The last eight octets.
    public var low: UInt64

    /// The unspecified address `::`, which stands for “not stated”.
    public static let none = NetworkAddress(high: 0, low: 0)

    private static let mappedPrefix: UInt64 = 0x0000_ffff_0000_0000

    /// An address from its two halves.
    @inlinable public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// An IPv4 address from its 32 bits. 0.0.0.0 is kept as `::`, “not stated”.
    @inline(__always) public init(ipv4: UInt32) {
        (high, low) = (0, ipv4 == 0 ? 0 : Self.mappedPrefix | UInt64(ipv4))
    }

    /// An IPv6 address from its two halves; `::ffff:0.0.0.0` is kept as `::`.
    @inline(__always) init(ipv6High high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, high == 0 && low == Self.mappedPrefix ? 0 : low)
    }

    /// Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; nil for anything else, brackets and zones included.
    public init?(_ text: some StringProtocol) {
        let octets = Array(text.utf8)
        let parsed = octets.withUnsafeBytes { raw -> NetworkAddress? in
            var cursor = Cursor(raw)
            guard let address = cursor.address(), cursor.isAtEnd else { return nil }
            return address
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Whether nothing is stated.
    @inlinable public var isNone: Bool { high | low == 0 }

    /// Whether this is an IPv4 address.
    @inline(__always) public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// The 32 bits of an IPv4 address; nil for IPv6.
    public var ipv4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }

    /// By octets, so that IPv4 addresses are in their usual order.
    @inlinable public static func < (left: NetworkAddress, right: NetworkAddress) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Dotted decimal, or RFC 5952 text; `-` when nothing is stated.
    public var description: String {
        if isNone { return "-" }
        if let ipv4 {
            return [24, 16, 8, 0].map { String(ipv4 >> UInt32($0) & 0xff) }.joined(separator: ".")
        }
        return Self.compressed(
            (0..<8).map { group in
                UInt16(truncatingIfNeeded: (group < 4 ? high : low) >> UInt64(48 - 16 * (group % 4)))
            })
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::` (RFC 5952 §4.2).
    private static func compressed(_ groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        let hex = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
}
