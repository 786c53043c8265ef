/// The names, layouts and values of attributes, read from the files of `config/dictionaries`.
///
/// A file is lines of words; `#` begins a comment. `attribute TYPE NAME LAYOUT [tag] [hidden] [salted]` defines an attribute,
/// of the standard space or of the last `vendor NUMBER NAME` of the file (`vendor NUMBER NAME in 241` for its attributes in
/// an extended space); the `value NUMBER NAME` lines after it name its values, and `extend NAME` takes up an attribute of any
/// file to add more. A TYPE with full stops, `241.6.9`, is inside an attribute defined before, and a part of a `tlv` is found
/// by `PARENT.NAME`. Names are found whatever the case of their letters.
public struct AttributeDictionary: Sendable {
    /// Text of one dictionary, and the name to blame in faults.
    public struct Source: Sendable {
        /// A file's name.
        public let name: String
        /// Its content.
        public let text: String

        /// A dictionary in memory.
        public init(name: String, text: String) {
            (self.name, self.text) = (name, text)
        }
    }

    private let definitions: [AttributeDefinition.Key: AttributeDefinition]
    private let keys: [String: AttributeDefinition.Key]
    private let vendors: [UInt32: String]

    /// A dictionary of nothing: every attribute is `Attr-<type>` or `Vendor-<id>-Attr-<n>`, and octets.
    public init() { (definitions, keys, vendors) = ([:], [:], [:]) }

    /// Reads dictionaries; throws the first fault, with file and line.
    public init(_ sources: [Source]) throws(RADIUSError) {
        let parser = DictionaryParser(sources)
        if let fault = parser.faults.first { throw fault }
        (definitions, keys, vendors) = (parser.definitions, parser.keys, parser.vendors)
    }

    /// Every fault in dictionaries, with file and line; at most ``DictionaryParser/maximumFaults``.
    public static func faults(in sources: [Source]) -> [RADIUSError] { DictionaryParser(sources).faults }

    /// How many attributes are defined.
    public var count: Int { definitions.count }

    /// The definition of an attribute of that name.
    public func definition(named name: String) -> AttributeDefinition? {
        keys[name.lowercased()].flatMap { definitions[$0] }
    }

    /// The definition of a number.
    public func definition(_ key: AttributeDefinition.Key) -> AttributeDefinition? { definitions[key] }

    /// Every attribute, in no order.
    public var attributes: [AttributeDefinition] { Array(definitions.values) }

    /// A vendor's name.
    public func vendorName(_ vendor: UInt32) -> String? { vendors[vendor] }

    /// The number of a vendor's name.
    public func vendor(named name: String) -> UInt32? {
        vendors.first { $0.value.lowercased() == name.lowercased() }?.key
    }

    /// The definition of a name, or octets for `Attr-<type>` and `Vendor-<id>-Attr-<n>`, whether those are defined or not.
    func resolved(_ name: String) throws(RADIUSError) -> AttributeDefinition {
        if let known = definition(named: name) { return known }
        guard let key = AttributeDefinition.Key(numericName: name) else {
            throw RADIUSError(.unknownAttribute, context: name)
        }
        return .octets(key, name)
    }

    /// The definition of a name inside `parent`, or octets for `Attr-<type>`.
    func resolved(_ name: String, in parent: AttributeDefinition) throws(RADIUSError) -> AttributeDefinition {
        if let known = definition(named: "\(parent.name).\(name)") { return known }
        guard let key = AttributeDefinition.Key(numericName: name), key.vendor == nil, key.path.isEmpty else {
            throw RADIUSError(.unknownAttribute, context: "\(parent.name).\(name)")
        }
        return .octets(parent.key.child(key.type), name)
    }
}

extension AttributeDefinition {
    fileprivate static func octets(_ key: Key, _ name: String) -> AttributeDefinition {
        AttributeDefinition(key: key, name: name, valueType: .octets, flags: [])
    }
}
