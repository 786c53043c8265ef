/// A block of addresses, `10.1.0.0/16`; the bits past the length are zero.
public struct IPPrefix: Sendable, Hashable, Comparable {
    /// The first address of the block.
    public let address: IPAddress
    /// Bits that count: 0 … 32 or 0 … 128.
    public let length: Int

    /// The block of that length around an address; nil where the length does not suit the family.
    public init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.width).contains(length) else { return nil }
        self.address = address.masked(to: length)
        self.length = length
    }

    /// The block of one address.
    public init(host address: IPAddress) {
        self.address = address
        length = address.family.width
    }

    /// Whether the address lies in the block; never across families.
    public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family && other.masked(to: length) == address
    }

    /// Whether the block is one address.
    public var isHost: Bool { length == address.family.width }

    /// By address, then by length.
    public static func < (left: Self, right: Self) -> Bool {
        (left.address, left.length) < (right.address, right.length)
    }
}

extension IPAddress {
    /// The address with the bits past the first `length` at zero.
    func masked(to length: Int) -> IPAddress {
        let mask = { (bits: Int) -> UInt64 in
            bits >= 64 ? .max : bits <= 0 ? 0 : ~(UInt64.max >> UInt64(bits))
        }
        switch family {
        case .v4: return IPAddress(v4: UInt32(truncatingIfNeeded: low & mask(length + 32)))
        case .v6: return IPAddress(v6High: high & mask(length), low: low & mask(length - 64))
        }
    }
}

extension IPPrefix: LosslessStringConvertible, Codable {
    /// Reads `10.1.0.0/16`, or an address alone for the block of one. Host bits that are set are cleared.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        switch parts.count {
        case 1: self.init(host: address)
        case 2:
            guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                parts[1].utf8.count <= 3, let length = Int(parts[1])
            else { return nil }
            self.init(address, length: length)
        default: return nil
        }
    }

    /// `address/length`, what PostgreSQL's `cidr` reads.
    public var description: String { "\(address)/\(length)" }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let prefix = IPPrefix(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an address block")
        }
        self = prefix
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
