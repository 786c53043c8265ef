/// The names, layouts and values of attributes, read from the files of `config/dictionaries`.
///
/// A file is lines of words; `#` begins a comment. `attribute TYPE NAME LAYOUT [tag] [hidden]` defines an attribute, of the
/// standard space or of the last `vendor NUMBER NAME` of the file; the `value NUMBER NAME` lines after it name its values, and
/// `extend NAME` takes up an attribute of any file to add more. Names are found whatever the case of their letters.
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

    /// A vendor's name.
    public func vendorName(_ vendor: UInt32) -> String? { vendors[vendor] }

    /// The definition of a name, or octets for `Attr-<type>` and `Vendor-<id>-Attr-<n>`, whether those are defined or not.
    func resolved(_ name: String) throws(RADIUSError) -> AttributeDefinition {
        if let known = definition(named: name) { return known }
        guard let key = Self.number(of: name) else { throw RADIUSError(.unknownAttribute, context: name) }
        return AttributeDefinition(key: key, name: name, valueType: .octets, isTagged: false, isHidden: false)
    }

    private static func number(of name: String) -> AttributeDefinition.Key? {
        let words = name.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        if words.count == 2, words[0] == "attr", let type: UInt8 = ValueText.number(words[1]), type > 0 {
            return AttributeDefinition.Key(type: type)
        }
        guard words.count == 4, words[0] == "vendor", words[2] == "attr",
            let vendor: UInt32 = ValueText.number(words[1]),
            vendor <= DictionaryParser.maximumVendor, let type: UInt8 = ValueText.number(words[3])
        else { return nil }
        return AttributeDefinition.Key(vendor: vendor, type: type)
    }
}
