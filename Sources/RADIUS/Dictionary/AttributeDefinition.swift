/// What a dictionary knows of one attribute.
public struct AttributeDefinition: Hashable, Sendable {
    /// The number space an attribute's type belongs to, and its number there.
    public struct Key: Hashable, Sendable {
        /// The vendor's SMI private enterprise number; nil for the standard space.
        public let vendor: UInt32?
        /// The type.
        public let type: UInt8

        /// An attribute's number.
        public init(vendor: UInt32? = nil, type: UInt8) {
            (self.vendor, self.type) = (vendor, type)
        }
    }

    /// Its number.
    public let key: Key
    /// Its name, as dictionaries spell it.
    public let name: String
    /// The layout of its value.
    public let valueType: ValueType
    /// Whether the value carries a tag (RFC 2868 §3): the first octet of text, the high octet of an integer.
    public let isTagged: Bool
    /// Whether the value is a secret that no text may show.
    public let isHidden: Bool

    /// Names of values.
    public private(set) var values: [UInt64: String] = [:]
    private var numbers: [String: UInt64] = [:]

    init(key: Key, name: String, valueType: ValueType, isTagged: Bool, isHidden: Bool) {
        (self.key, self.name, self.valueType) = (key, name, valueType)
        (self.isTagged, self.isHidden) = (isTagged, isHidden)
    }

    /// The number of a named value, whatever the case of its letters.
    public func number(named name: String) -> UInt64? { numbers[name.lowercased()] }

    /// Adds a named value; false when the name already means another number. A number keeps its first name.
    mutating func add(value number: UInt64, named name: String) -> Bool {
        let known = numbers.updateValue(number, forKey: name.lowercased())
        if values[number] == nil { values[number] = name }
        return known == nil || known == number
    }
}
