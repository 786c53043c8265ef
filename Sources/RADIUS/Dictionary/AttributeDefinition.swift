/// What a dictionary knows of one attribute.
public struct AttributeDefinition: Hashable, Sendable {
    /// Its number.
    public let key: Key
    /// Its name, as dictionaries spell it; behind its parent's and a full stop if it is inside another attribute.
    public let name: String
    /// The layout of its value.
    public let valueType: ValueType
    /// What else is special about it.
    public let flags: Set<Flag>

    /// The words behind a layout.
    public enum Flag: String, Sendable, CaseIterable {
        /// The value carries a tag (RFC 2868 §3): the first octet of text and octets, the high octet of an integer.
        case tag
        /// The value is a secret that no text may show.
        case hidden
        /// The value is salted and encrypted in each packet anew (RFC 2868 §3.5), behind its tag: no text can make it.
        case salted
    }

    /// Whether the value carries a tag.
    public var isTagged: Bool { flags.contains(.tag) }
    /// Whether the value is a secret that no text may show.
    public var isHidden: Bool { flags.contains(.hidden) || isSalted }
    /// Whether the value is salted.
    public var isSalted: Bool { flags.contains(.salted) }

    /// Its name without its parent's.
    public var shortName: String { name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name }

    /// Names of values.
    public private(set) var values: [UInt64: String] = [:]
    private var numbers: [String: UInt64] = [:]

    init(key: Key, name: String, valueType: ValueType, flags: Set<Flag>) {
        (self.key, self.name, self.valueType, self.flags) = (key, name, valueType, flags)
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
