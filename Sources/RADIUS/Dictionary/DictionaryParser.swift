/// Reads dictionary texts, collecting every fault instead of stopping at the first.
struct DictionaryParser {
    /// Faults after which reading stops: a file that is no dictionary has one a line.
    static let maximumFaults = 100
    /// Private enterprise numbers fill three octets (RFC 2865 §5.26).
    static let maximumVendor: UInt32 = 0xff_ffff

    private(set) var definitions: [AttributeDefinition.Key: AttributeDefinition] = [:]
    private(set) var keys: [String: AttributeDefinition.Key] = [:]
    private(set) var vendors: [UInt32: String] = [:]
    private(set) var faults: [RADIUSError] = []

    private var place = ""
    private var vendor: UInt32?
    private var space: UInt8?
    private var current = Subject.none
    private var pass = Pass.definitions

    /// What a `value` line is about.
    private enum Subject {
        case none
        /// An attribute whose own line was refused: its values are skipped, one fault is enough.
        case refused
        case attribute(AttributeDefinition.Key)
    }

    /// `extend` may name an attribute of a later file, so values are read when all attributes are known.
    private enum Pass { case definitions, values }

    init(_ sources: [AttributeDictionary.Source]) {
        for pass in [Pass.definitions, .values] {
            self.pass = pass
            for source in sources { read(source) }
        }
    }

    private mutating func read(_ source: AttributeDictionary.Source) {
        (vendor, space, current) = (nil, nil, .none)
        let lines = source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where faults.count < Self.maximumFaults {
            place = "\(source.name):\(index + 1)"
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = words.first else { continue }
            let arguments = Array(words.dropFirst())
            switch keyword {
            case "vendor": readVendor(arguments)
            case "attribute": readAttribute(arguments)
            case "extend": readExtend(arguments)
            case "value": if pass == .values { readValue(arguments) }
            default: if pass == .definitions { fault(.dictionaryMalformed, "‘\(keyword)’ is no keyword") }
            }
        }
    }

    private mutating func readVendor(_ arguments: [String]) {
        (vendor, space, current) = (nil, nil, .none)
        guard let (number, name, space) = Self.vendor(arguments) else {
            // Its attributes would be taken for standard ones.
            current = .refused
            if pass == .definitions { fault(.dictionaryMalformed, "expected vendor NUMBER NAME") }
            return
        }
        (vendor, self.space) = (number, space)
        guard pass == .definitions else { return }
        if let known = vendors.updateValue(name, forKey: number), known != name {
            fault(.dictionaryConflict, "vendor \(number) is already \(known)")
        }
    }

    private static func vendor(_ arguments: [String]) -> (UInt32, String, UInt8?)? {
        guard arguments.count == 2 || arguments.count == 4, let number: UInt32 = ValueText.number(arguments[0]),
            (1...maximumVendor).contains(number)
        else { return nil }
        guard arguments.count == 4 else { return (number, arguments[1], nil) }
        guard arguments[2] == "in", let space: UInt8 = ValueText.number(arguments[3]),
            ExtendedType.spaces.contains(space)
        else { return nil }
        return (number, arguments[1], space)
    }

    private mutating func readAttribute(_ arguments: [String]) {
        guard arguments.count >= 3, !arguments[1].contains("."), !arguments[1].contains(":"),
            let key = AttributeDefinition.Key(dotted: arguments[0], vendor: vendor, space: space)
        else {
            current = .refused
            if pass == .definitions { fault(.dictionaryMalformed, "expected attribute TYPE NAME LAYOUT") }
            return
        }
        current = .attribute(key)
        guard pass == .definitions else { return }
        guard let valueType = ValueType(rawValue: arguments[2]) else {
            return fault(.dictionaryMalformed, "‘\(arguments[2])’ is no layout")
        }
        guard let flags = flags(arguments.dropFirst(3), of: valueType), let name = name(arguments[1], of: key) else {
            return
        }
        define(AttributeDefinition(key: key, name: name, valueType: valueType, flags: flags), arguments[0])
    }

    private mutating func define(_ definition: AttributeDefinition, _ number: String) {
        if let known = definitions[definition.key] {
            return fault(.dictionaryConflict, "type \(number) is already \(known.name)")
        }
        guard keys.updateValue(definition.key, forKey: definition.name.lowercased()) == nil else {
            return fault(.dictionaryConflict, "\(definition.name) is already defined")
        }
        definitions[definition.key] = definition
    }

    /// Nil after a fault.
    private mutating func flags(
        _ words: ArraySlice<String>, of valueType: ValueType
    ) -> Set<AttributeDefinition.Flag>? {
        var flags: Set<AttributeDefinition.Flag> = []
        for word in words {
            guard let flag = AttributeDefinition.Flag(rawValue: word) else {
                fault(.dictionaryMalformed, "‘\(word)’ is no flag")
                return nil
            }
            flags.insert(flag)
        }
        guard !flags.contains(.tag) || [.integer, .string, .octets].contains(valueType) else {
            fault(.dictionaryMalformed, "only string, octets and integer carry a tag")
            return nil
        }
        guard !flags.contains(.salted) || valueType == .octets else {
            fault(.dictionaryMalformed, "only octets are salted")
            return nil
        }
        return flags
    }

    /// The name that an attribute is found by; nil after a fault.
    private mutating func name(_ name: String, of key: AttributeDefinition.Key) -> String? {
        guard let parent = key.parent else { return name }
        switch definitions[parent]?.valueType {
        case .extended, .longExtended: return name
        case .tlv: return definitions[parent].map { "\($0.name).\(name)" }
        default:
            fault(.dictionaryMalformed, "\(parent.numericName) holds no attributes")
            return nil
        }
    }

    private mutating func readExtend(_ arguments: [String]) {
        guard pass == .values else { return }
        current = .refused
        guard arguments.count == 1 else { return fault(.dictionaryMalformed, "expected extend NAME") }
        guard let key = keys[arguments[0].lowercased()] else {
            return fault(.unknownAttribute, "extend \(arguments[0])")
        }
        current = .attribute(key)
    }

    private mutating func readValue(_ arguments: [String]) {
        guard case .attribute(let key) = current, var definition = definitions[key] else {
            if case .none = current { fault(.dictionaryMalformed, "a value belongs under an attribute") }
            return
        }
        guard arguments.count == 2, let number = ValueText.unsigned(arguments[0]) else {
            return fault(.dictionaryMalformed, "expected value NUMBER NAME")
        }
        guard definition.valueType.isNumber, let length = definition.valueType.length else {
            return fault(.dictionaryMalformed, "\(definition.name) is no number")
        }
        let width = definition.isTagged ? 3 : length
        guard width == 8 || number >> UInt64(width * 8) == 0 else {
            return fault(.valueOutOfRange, "\(definition.name) \(number)")
        }
        guard definition.add(value: number, named: arguments[1]) else {
            return fault(.dictionaryConflict, "\(arguments[1]) is already another value of \(definition.name)")
        }
        definitions[key] = definition
    }

    private mutating func fault(_ code: RADIUSError.Code, _ what: String) {
        faults.append(RADIUSError(code, context: "\(place): \(what)"))
    }
}
