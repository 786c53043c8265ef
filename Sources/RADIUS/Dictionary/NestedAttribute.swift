/// An attribute inside another (RFC 6929 §2.3): a type of 1…255, a length and a value.
public struct NestedAttribute: Hashable, Sendable {
    /// Octets of the longest value: type and length take two more of 255.
    public static let maximumValueLength = 253

    /// The type, in the numbering of the attribute around it.
    public let type: UInt8
    /// The value.
    public let value: [UInt8]

    /// An attribute of octets.
    public init(_ type: UInt8, _ value: [UInt8]) { (self.type, self.value) = (type, value) }

    /// The attributes that fill a value exactly; nil for anything else, an empty value and type 0 among it.
    public static func read(_ value: some Collection<UInt8>) -> [NestedAttribute]? {
        var rest = Array(value)[...]
        var attributes: [NestedAttribute] = []
        while let type = rest.first {
            guard type > 0, rest.count >= 2, let length = rest.dropFirst().first, (2...rest.count).contains(Int(length))
            else { return nil }
            attributes.append(NestedAttribute(type, Array(rest.prefix(Int(length)).dropFirst(2))))
            rest = rest.dropFirst(Int(length))
        }
        return attributes.isEmpty ? nil : attributes
    }

    /// Type, length and value; throws `.attributeValueTooLong`.
    public func encoded() throws(RADIUSError) -> [UInt8] {
        guard value.count <= Self.maximumValueLength else { throw RADIUSError(.attributeValueTooLong) }
        return [type, UInt8(truncatingIfNeeded: value.count + 2)] + value
    }

    /// A four-octet value.
    public var uint32: UInt32? { value.count == 4 ? value.reduce(0) { $0 << 8 | UInt32($1) } : nil }
}
