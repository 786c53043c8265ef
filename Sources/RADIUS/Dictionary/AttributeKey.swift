extension AttributeDefinition {
    /// An attribute's number, and the number space it belongs to.
    public struct Key: Hashable, Sendable {
        /// Levels of attributes inside attributes that are read and written (RFC 6929 §2.3 sets no bound).
        public static let maximumDepth = 4

        /// The vendor's SMI private enterprise number; nil for the standard space.
        public let vendor: UInt32?
        /// The type.
        public let type: UInt8
        /// The types inside it, outermost first: 241.6.9 has type 241 and path 6, 9.
        public let path: [UInt8]
        /// 241…246 for a vendor's attribute in that extended space (RFC 6929 §2.4); nil for one in Vendor-Specific.
        public let space: UInt8?

        /// An attribute's number.
        public init(vendor: UInt32? = nil, type: UInt8, path: [UInt8] = [], space: UInt8? = nil) {
            (self.vendor, self.type, self.path, self.space) = (vendor, type, path, vendor == nil ? nil : space)
        }

        /// The number of an extended attribute.
        public init(_ extended: ExtendedType) {
            if let vendor = extended.vendor {
                self.init(vendor: vendor.number, type: vendor.type, space: extended.space)
            } else {
                self.init(type: extended.space, path: [extended.type])
            }
        }

        /// The extended attribute it is, or is part of; nil for others, and for a space as a whole.
        public var extendedType: ExtendedType? {
            if let vendor { return space.map { ExtendedType($0, vendor: .init(vendor, type)) } }
            guard ExtendedType.spaces.contains(type), let first = path.first else { return nil }
            return ExtendedType(type, first)
        }

        /// The types of the attributes nested in the one that a packet carries, outermost first.
        var nestedTypes: ArraySlice<UInt8> {
            vendor == nil && ExtendedType.spaces.contains(type) ? path.dropFirst() : path[...]
        }

        /// The attribute it is inside of; nil for one that is inside none.
        var parent: Key? {
            path.isEmpty ? nil : Key(vendor: vendor, type: type, path: path.dropLast(), space: space)
        }

        /// An attribute inside it.
        func child(_ type: UInt8) -> Key { Key(vendor: vendor, type: self.type, path: path + [type], space: space) }

        /// What it is called without a dictionary: `Attr-250`, `Attr-241.3`, `Vendor-9-Attr-1`, `Attr-241.26.9.1`.
        var numericName: String {
            let types = ([type] + path).map(String.init).joined(separator: ".")
            guard let vendor else { return "Attr-\(types)" }
            return space.map { "Attr-\($0).26.\(vendor).\(types)" } ?? "Vendor-\(vendor)-Attr-\(types)"
        }

        /// Reads what ``numericName`` writes, whatever the case of its letters.
        init?(numericName name: String) {
            let words = name.lowercased().split(separator: "-", omittingEmptySubsequences: false)
            if words.count == 2, words[0] == "attr" {
                self.init(standard: words[1])
            } else if words.count == 4, words[0] == "vendor", words[2] == "attr",
                let vendor: UInt32 = ValueText.number(words[1]), vendor <= DictionaryParser.maximumVendor
            {
                self.init(dotted: words[3], vendor: vendor)
            } else {
                return nil
            }
        }

        private init?(standard types: Substring) {
            let parts = types.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
            if parts.count == 4, parts[1] == "26", let space: UInt8 = ValueText.number(parts[0]),
                ExtendedType.spaces.contains(space), let vendor: UInt32 = ValueText.number(parts[2]),
                vendor <= DictionaryParser.maximumVendor
            {
                self.init(dotted: parts[3], vendor: vendor, space: space)
            } else {
                self.init(dotted: types)
            }
        }

        /// Reads a type and a path; nil for one that is too deep, or has a 0 where none may be.
        init?(dotted types: some StringProtocol, vendor: UInt32? = nil, space: UInt8? = nil) {
            var numbers: [UInt8] = []
            for part in types.split(separator: ".", omittingEmptySubsequences: false) {
                guard let number: UInt8 = ValueText.number(part), numbers.count <= Self.maximumDepth + 1 else {
                    return nil
                }
                numbers.append(number)
            }
            guard let type = numbers.first, vendor != nil || type > 0, !numbers.dropFirst().contains(0) else {
                return nil
            }
            self.init(vendor: vendor, type: type, path: Array(numbers.dropFirst()), space: space)
            guard nestedTypes.count <= Self.maximumDepth else { return nil }
        }
    }
}
