/// One attribute, or one vendor attribute, inside a packet that somebody else holds.
///
/// It is a view: valid while the octets of the ``PacketView`` it came from are, and not `Sendable`. Every reader answers
/// nil for a value of the wrong length, so that a careless peer's attribute is an absent one and never a trap.
public struct AttributeView {
    /// The attribute's type, in its vendor's numbering if it is a vendor's.
    public let type: AttributeType
    /// Type, length and value, as they are on the wire.
    public let encoded: UnsafeRawBufferPointer

    // Invariant, established by the parsers: `encoded` holds at least two octets.
    init(type: UInt8, encoded: UnsafeRawBufferPointer) {
        self.type = AttributeType(rawValue: type)
        self.encoded = encoded
    }

    /// The value: 0…253 octets.
    public var value: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: encoded.dropFirst(2)) }

    /// A copy of the value.
    public var octets: [UInt8] { Array(value) }

    /// The value as text; nil when it is not UTF-8 (RFC 8044 §3.4). Trailing NULs, which some clients count in, are cut.
    public var text: String? {
        var value = value[...]
        while value.last == 0 { value = value.dropLast() }
        return String(validating: value, as: UTF8.self)
    }

    /// A four-octet value: integer, date (seconds since 1970), enumeration.
    public var uint32: UInt32? {
        value.count == 4 ? UInt32(bigEndian: value.loadUnaligned(as: UInt32.self)) : nil
    }

    /// An eight-octet value: integer64, interface id.
    public var uint64: UInt64? {
        value.count == 8 ? UInt64(bigEndian: value.loadUnaligned(as: UInt64.self)) : nil
    }

    /// The four octets of an IPv4 address.
    public var ipv4: [UInt8]? { value.count == 4 ? octets : nil }

    /// The sixteen octets of an IPv6 address.
    public var ipv6: [UInt8]? { value.count == 16 ? octets : nil }

    /// Whether the value is exactly these octets. Not for secrets: see `constantTimeEqual`.
    public func holds(_ bytes: [UInt8]) -> Bool { value.elementsEqual(bytes) }
}
