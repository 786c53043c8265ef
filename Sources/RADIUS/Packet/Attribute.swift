/// One attribute as a value of its own: for clients, CoA and tests; the hot path reads ``AttributeView``.
public struct Attribute: Hashable, Sendable {
    /// The attribute's type.
    public var type: AttributeType
    /// The value: 0…253 octets.
    public var value: [UInt8]

    /// An attribute of octets.
    public init(_ type: AttributeType, _ value: [UInt8]) {
        (self.type, self.value) = (type, value)
    }

    /// An attribute of UTF-8 text.
    public init(_ type: AttributeType, text: String) { self.init(type, Array(text.utf8)) }

    /// An attribute of a four-octet integer.
    public init(_ type: AttributeType, uint32: UInt32) {
        self.init(type, withUnsafeBytes(of: uint32.bigEndian) { Array($0) })
    }

    /// A Vendor-Specific attribute with one attribute of that vendor, of at most 247 octets (RFC 2865 §5.26).
    public init(vendor: UInt32, type: UInt8, _ value: [UInt8]) {
        let header = withUnsafeBytes(of: vendor.bigEndian) { Array($0) }
        self.init(.vendorSpecific, header + [type, UInt8(truncatingIfNeeded: value.count + 2)] + value)
    }

    /// A copy of an attribute in a packet.
    public init(_ view: AttributeView) { self.init(view.type, view.octets) }

    /// Type, length and value; throws `.attributeValueTooLong` above 253 octets.
    public func encoded() throws(RADIUSError) -> [UInt8] {
        guard value.count <= PacketLimits.maximumValueLength else { throw RADIUSError(.attributeValueTooLong) }
        return [type.rawValue, UInt8(truncatingIfNeeded: value.count + 2)] + value
    }

    /// The value as text; nil when it is not UTF-8.
    public var text: String? { String(validating: value, as: UTF8.self) }

    /// A four-octet value.
    public var uint32: UInt32? {
        value.count == 4 ? value.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }
}
