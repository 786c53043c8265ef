/// An EUI-48 address. Reads every spelling that gateways use and writes the one that is asked for.
public struct MACAddress: RawRepresentable, Sendable, Hashable, Comparable {
    /// How an address is spelled.
    public enum Spelling: String, Sendable, Hashable, Codable, CaseIterable {
        /// `02:00:5e:00:00:01`
        case colons = "aa:bb:cc:dd:ee:ff"
        /// `02:00:5E:00:00:01`
        case upperColons = "AA:BB:CC:DD:EE:FF"
        /// `02-00-5e-00-00-01`
        case hyphens = "aa-bb-cc-dd-ee-ff"
        /// `02-00-5E-00-00-01`, what RFC 3580 §3.20 asks for
        case upperHyphens = "AA-BB-CC-DD-EE-FF"
        /// `0200.5e00.0001`
        case dots = "aabb.ccdd.eeff"
        /// `02005e000001`
        case bare = "aabbccddeeff"
        /// `02005E000001`
        case upperBare = "AABBCCDDEEFF"
    }

    /// The 48 bits, the first octet on the wire being the highest.
    public let rawValue: UInt64

    /// Nil above 48 bits.
    public init?(rawValue: UInt64) {
        guard rawValue >> 48 == 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Reads six octets; nil for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 6 else { return nil }
        rawValue = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Longest spelling, in characters; the shortest has twelve.
    public static let longestSpelling = 17

    /// Reads any of the spellings, in either case: six pairs with one separator throughout (`:` or `-`), three
    /// quadruples with dots, two halves with a hyphen (`aabbcc-ddeeff`), or twelve digits. Nil for anything else.
    public init?(_ text: String) {
        var text = text
        let value = text.withUTF8 { Self.parse($0) }
        guard let value else { return nil }
        rawValue = value
    }

    /// Reads ASCII bytes as ``init(_:)`` does, without making a string of them.
    public init?(ascii bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.withMemoryRebound(to: UInt8.self, Self.parse) else { return nil }
        rawValue = value
    }

    /// Whether the address was made up rather than bought (IEEE 802, U/L bit): phones randomise theirs this way.
    public var isLocallyAdministered: Bool { rawValue & 0x0200_0000_0000 != 0 }

    /// Whether the address names a group and so can be no device's own.
    public var isMulticast: Bool { rawValue & 0x0100_0000_0000 != 0 }

    /// Six octets in the order of the wire.
    public var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * UInt64($0))) } }

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The address in the asked spelling.
    public func formatted(_ spelling: Spelling) -> String {
        switch spelling {
        case .colons: text(separator: UInt8(ascii: ":"), every: 2, uppercase: false)
        case .upperColons: text(separator: UInt8(ascii: ":"), every: 2, uppercase: true)
        case .hyphens: text(separator: UInt8(ascii: "-"), every: 2, uppercase: false)
        case .upperHyphens: text(separator: UInt8(ascii: "-"), every: 2, uppercase: true)
        case .dots: text(separator: UInt8(ascii: "."), every: 4, uppercase: false)
        case .bare: text(separator: nil, every: 12, uppercase: false)
        case .upperBare: text(separator: nil, every: 12, uppercase: true)
        }
    }

    private func text(separator: UInt8?, every digits: Int, uppercase: Bool) -> String {
        String(unsafeUninitializedCapacity: 17) { buffer in
            var count = 0
            for index in 0..<12 {
                if index > 0, index % digits == 0, let separator {
                    buffer[count] = separator
                    count += 1
                }
                let nibble = UInt8(truncatingIfNeeded: rawValue >> UInt64(44 - 4 * index)) & 0xF
                let letter = UInt8(ascii: uppercase ? "A" : "a")
                buffer[count] = nibble < 10 ? UInt8(ascii: "0") + nibble : letter + (nibble - 10)
                count += 1
            }
            return count
        }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64? {
        let separator: UInt8?
        let digits: Int
        switch bytes.count {
        case 12: (separator, digits) = (nil, 12)
        case 13: (separator, digits) = (UInt8(ascii: "-"), 6)
        case 14: (separator, digits) = (UInt8(ascii: "."), 4)
        case 17 where bytes[2] == UInt8(ascii: ":") || bytes[2] == UInt8(ascii: "-"):
            (separator, digits) = (bytes[2], 2)
        default: return nil
        }
        var value: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if let separator, index % (digits + 1) == digits {
                guard byte == separator else { return nil }
            } else {
                guard let nibble = hexadecimalDigit(byte) else { return nil }
                value = value << 4 | UInt64(nibble)
            }
        }
        return value
    }
}

extension MACAddress: LosslessStringConvertible, Codable {
    /// The canonical spelling, `02:00:5e:00:00:01`.
    public var description: String { formatted(.colons) }

    /// Reads any spelling.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = MACAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a MAC address")
        }
        self = address
    }

    /// Writes the canonical spelling.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The value of one ASCII hexadecimal digit; nil for any other byte.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
