/// An IPv6 prefix (RFC 3162 §2.3, RFC 8044 §3.10).
public struct IPv6Prefix: Hashable, Sendable {
    /// 16 octets; those behind the length are 0.
    public let address: [UInt8]
    /// 0…128 bits.
    public let length: Int

    /// Reads a value; nil for a length above 128, too few octets, or bits set behind the length, as RFC 3162 has it.
    public init?(_ value: some Collection<UInt8>) {
        let octets = Array(value)
        // The rules are in one place: what has a text is a prefix.
        guard ValueText.ipv6Prefix(octets) != nil else { return nil }
        address = Array(octets[2...]) + [UInt8](repeating: 0, count: 18 - octets.count)
        length = Int(octets[1])
    }

    /// An address of 16 octets, as the prefix that holds nothing else; nil for another count.
    public init?(address: [UInt8]) {
        guard address.count == 16 else { return nil }
        (self.address, length) = (address, 128)
    }
}

/// The IPv6 addresses of a session (RFC 3162, RFC 4818, RFC 6911).
public struct SessionIPv6Addresses: Hashable, Sendable {
    /// Framed-IPv6-Address, of 16 octets each.
    public var addresses: [[UInt8]] = []
    /// Framed-IPv6-Prefix: what the station makes its addresses in.
    public var prefixes: [IPv6Prefix] = []
    /// Delegated-IPv6-Prefix: what the station gives to others behind it.
    public var delegated: [IPv6Prefix] = []
    /// Framed-Interface-Id: the low half of an address in the framed prefix.
    public var interfaceID: UInt64?

    /// No addresses.
    public init() {}
}

extension PacketView {
    /// The IPv6 addresses in a packet, all of each kind in order; those that cannot be read are left out.
    public func ipv6Addresses() -> SessionIPv6Addresses {
        var found = SessionIPv6Addresses()
        found.interfaceID = first(.framedInterfaceID)?.uint64
        guard has(.framedIPv6Address) || has(.framedIPv6Prefix) || has(.delegatedIPv6Prefix) else { return found }
        for attribute in attributes {
            switch attribute.type {
            case .framedIPv6Address: if let address = attribute.ipv6 { found.addresses.append(address) }
            case .framedIPv6Prefix: if let prefix = IPv6Prefix(attribute.value) { found.prefixes.append(prefix) }
            case .delegatedIPv6Prefix: if let prefix = IPv6Prefix(attribute.value) { found.delegated.append(prefix) }
            default: continue
            }
        }
        return found
    }
}
