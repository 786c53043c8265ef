/// An IPv4 or IPv6 address. Two words and a flag: it is a field of every session.
public struct IPAddress: Sendable, Hashable, Comparable {
    /// Which protocol.
    public enum Family: UInt8, Sendable, Hashable, Comparable {
        /// 32 bits.
        case v4 = 4
        /// 128 bits.
        case v6 = 6

        /// Bits of an address.
        public var width: Int { self == .v4 ? 32 : 128 }

        /// IPv4 comes first.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// The first 64 bits of an IPv6 address; zero for IPv4.
    public let high: UInt64
    /// The last 64 bits of an IPv6 address, or the 32 of an IPv4 one.
    public let low: UInt64
    /// Which protocol.
    public let family: Family

    /// The IPv4 address with these bits, the first octet being the highest.
    public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        family = .v4
    }

    /// The IPv6 address with these bits.
    public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        family = .v6
    }

    /// Reads 4 or 16 octets in network order; nil for any other count.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.init(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self.init(
                v6High: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// 4 or 16 octets in network order.
    public var bytes: [UInt8] {
        let octets = { (word: UInt64, count: Int) in
            (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * (count - 1 - $0))) }
        }
        return family == .v4 ? octets(low, 4) : octets(high, 8) + octets(low, 8)
    }

    /// The IPv4 address inside `::ffff:a.b.c.d` (what a dual-stack socket shows), or self.
    public var unmapped: IPAddress {
        guard family == .v6, high == 0, low >> 32 == 0xFFFF else { return self }
        return IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }

    /// Whether only the machine itself can use it (127.0.0.0/8, ::1).
    public var isLoopback: Bool {
        family == .v4 ? low >> 24 == 127 : high == 0 && low == 1
    }

    /// By family, then by number.
    public static func < (left: Self, right: Self) -> Bool {
        (left.family, left.high, left.low) < (right.family, right.high, right.low)
    }
}

extension IPAddress: LosslessStringConvertible, Codable {
    /// Reads a dotted quad or RFC 4291 §2.2 text; no zone, no port, no brackets. Nil for anything else.
    public init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let (high, low) = IPv6Text.parse(text) else { return nil }
            self.init(v6High: high, low: low)
        } else {
            guard let bits = IPv6Text.parseQuad(text) else { return nil }
            self.init(v4: bits)
        }
    }

    /// A dotted quad, or the canonical text of RFC 5952.
    public var description: String {
        switch family {
        case .v4: IPv6Text.quad(UInt32(truncatingIfNeeded: low))
        case .v6: IPv6Text.format(high: high, low: low)
        }
    }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = IPAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an IP address")
        }
        self = address
    }

    /// Writes the canonical text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
