/// An extended attribute (RFC 6929), put together from its fragments.
public struct ExtendedAttribute: Hashable, Sendable {
    /// Its number.
    public let type: ExtendedType
    /// Its value, of at least one octet.
    public var value: [UInt8]

    /// An attribute of octets.
    public init(_ type: ExtendedType, _ value: [UInt8]) { (self.type, self.value) = (type, value) }

    /// An attribute of a four-octet integer.
    public init(_ type: ExtendedType, uint32: UInt32) {
        self.init(type, withUnsafeBytes(of: uint32.bigEndian) { Array($0) })
    }

    /// An attribute of UTF-8 text.
    public init(_ type: ExtendedType, text: String) { self.init(type, Array(text.utf8)) }

    /// A four-octet value.
    public var uint32: UInt32? { value.count == 4 ? value.reduce(0) { $0 << 8 | UInt32($1) } : nil }

    /// The value as text; nil when it is not UTF-8.
    public var text: String? { String(validating: value, as: UTF8.self) }

    /// The attributes on the wire: one, or as many as a long value takes, the More flag on all but the last
    /// (RFC 6929 §2.2). Throws `.attributeValueTooLong` when a short one exceeds 252 octets, or a packet; `.valueMalformed`
    /// when there is no octet, which RFC 6929 §2.1 forbids.
    public func attributes() throws(RADIUSError) -> [Attribute] {
        guard !value.isEmpty else { throw RADIUSError(.valueMalformed) }
        let vendor = type.vendor.map { vendor in
            withUnsafeBytes(of: vendor.number.bigEndian) { Array($0) } + [vendor.type]
        }
        let content = (vendor ?? []) + value
        let outer = AttributeType(rawValue: type.space)
        guard type.isLong else {
            guard content.count < PacketLimits.maximumValueLength else { throw RADIUSError(.attributeValueTooLong) }
            return [Attribute(outer, [type.type] + content)]
        }
        guard content.count <= PacketLimits.maximumLength else { throw RADIUSError(.attributeValueTooLong) }
        let room = PacketLimits.maximumValueLength - 2
        return stride(from: 0, to: content.count, by: room).map { start in
            let end = min(start + room, content.count)
            return Attribute(outer, [type.type, end < content.count ? 0x80 : 0] + content[start..<end])
        }
    }
}

extension PacketWriter {
    /// Appends an extended attribute, in fragments if it is long.
    public mutating func append(_ attribute: ExtendedAttribute) {
        do throws(RADIUSError) {
            append(try attribute.attributes())
        } catch {
            fail(error)
        }
    }
}
