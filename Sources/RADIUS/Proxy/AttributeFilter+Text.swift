extension AttributeFilter {
    /// Reads a filter: lines of `allow DIRECTION CODE NAME…`; `#` begins a comment.
    ///
    /// DIRECTION is `to-home` or `to-origin`, CODE a code's name (`Access-Accept`), NAME an attribute of the dictionary,
    /// `vendor:NAME` or `vendor:NUMBER` for all of a vendor's, or `*` for everything. Lines of one code and direction add up;
    /// a code without a line passes nothing. Throws `.dictionaryMalformed` or `.unknownAttribute` with the line.
    public init(_ text: String, name: String = "filter", dictionary: AttributeDictionary) throws(RADIUSError) {
        self.init()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.isEmpty { continue }
            let place = "\(name):\(index + 1)"
            guard words.count >= 3, words[0] == "allow", let direction = Direction(rawValue: words[1]),
                let code = PacketCode(named: words[2])
            else { throw RADIUSError(.dictionaryMalformed, context: "\(place): expected allow DIRECTION CODE NAME") }
            var list = self.list(code, direction)
            for word in words.dropFirst(3) { try list.allow(word, dictionary, place) }
            set(list, for: code, direction)
        }
    }
}

extension AttributeFilter.AllowList {
    fileprivate mutating func allow(
        _ word: String, _ dictionary: AttributeDictionary, _ place: String
    ) throws(RADIUSError) {
        guard word != "*", case .only(var allowed) = self else {
            self = .everything
            return
        }
        if word.hasPrefix("vendor:") {
            let name = String(word.dropFirst("vendor:".count))
            guard let vendor = dictionary.vendor(named: name) ?? ValueText.number(name) else {
                throw RADIUSError(.unknownAttribute, context: "\(place): \(word)")
            }
            allowed.vendors[vendor] = .some(.none)
        } else {
            guard let key = try? dictionary.resolved(word).key else {
                throw RADIUSError(.unknownAttribute, context: "\(place): \(word)")
            }
            allowed.allow(key)
        }
        self = .only(allowed)
    }
}

extension AllowedAttributes {
    /// A part of a structured attribute passes with the whole.
    fileprivate mutating func allow(_ key: AttributeDefinition.Key) {
        if let extended = key.extendedType {
            self.extended.insert(extended)
        } else if let vendor = key.vendor {
            // All of a vendor's stays all.
            if vendors[vendor] == .some(.none) { return }
            vendors[vendor] = (vendors[vendor] ?? [])?.union([key.type])
        } else {
            types.insert(AttributeType(rawValue: key.type))
        }
    }
}
