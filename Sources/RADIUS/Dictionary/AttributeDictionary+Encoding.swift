extension AttributeDictionary {
    /// The attribute that a name and a text say, checked against its layout.
    ///
    /// The name may be `Attr-<type>`, `Vendor-<id>-Attr-<n>`, or, if the attribute is tagged, `NAME:<tag>` with a tag of
    /// 1…31. Throws `.unknownAttribute`, `.unknownValue`, `.valueMalformed`, `.valueOutOfRange` or `.attributeValueTooLong`,
    /// with the name.
    public func attribute(_ name: String, _ text: String) throws(RADIUSError) -> Attribute {
        let (definition, tag) = try taggedDefinition(name)
        let value = try definition.octets(text)
        let content = try definition.tagged(value, tag: tag)
        guard let vendor = definition.key.vendor else {
            guard content.count <= PacketLimits.maximumValueLength else {
                throw RADIUSError(.attributeValueTooLong, context: definition.name)
            }
            return Attribute(AttributeType(rawValue: definition.key.type), content)
        }
        guard content.count <= PacketLimits.maximumVendorValueLength else {
            throw RADIUSError(.attributeValueTooLong, context: definition.name)
        }
        return Attribute(vendor: vendor, type: definition.key.type, content)
    }

    /// The octets of that attribute, type and length included, ready for ``PacketWriter/append(encoded:)``.
    public func encode(_ name: String, _ text: String) throws(RADIUSError) -> [UInt8] {
        try attribute(name, text).encoded()
    }

    private func taggedDefinition(_ name: String) throws(RADIUSError) -> (AttributeDefinition, UInt8?) {
        guard let colon = name.lastIndex(of: ":") else { return (try resolved(name), nil) }
        let definition = try resolved(String(name[..<colon]))
        guard definition.isTagged, let tag: UInt8 = ValueText.number(name[name.index(after: colon)...]),
            (1...31).contains(tag)
        else {
            throw RADIUSError(.unknownAttribute, context: name)
        }
        return (definition, tag)
    }
}

extension AttributeDefinition {
    /// The value that a text says, without its tag.
    fileprivate func octets(_ text: String) throws(RADIUSError) -> [UInt8] {
        switch valueType {
        case .string: return Array(text.utf8)
        case .octets, .vsa: return try required(ValueText.octets(text))
        case .byte: return Array(try number(text, octets: 1))
        case .short: return Array(try number(text, octets: 2))
        case .integer: return Array(try number(text, octets: isTagged ? 3 : 4))
        case .integer64: return Array(try number(text, octets: 8))
        case .date: return try required(ValueText.date(text))
        case .ipaddr: return try required(ValueText.ipv4(text))
        case .ipv6addr: return try required(ValueText.ipv6(text))
        case .ipv6prefix: return try required(ValueText.ipv6Prefix(text))
        case .ifid: return try required(ValueText.interfaceID(text))
        }
    }

    /// The value behind its tag: an integer always has one, text only when it is asked for (RFC 2868 §3.1, §3.3).
    fileprivate func tagged(_ value: [UInt8], tag: UInt8?) throws(RADIUSError) -> [UInt8] {
        guard isTagged else { return value }
        if valueType == .integer { return [tag ?? 0] + value }
        if let tag { return [tag] + value }
        // Text that begins with an octet below 0x20 would be read as tagged.
        guard let first = value.first, first > 0x1f else { throw malformed }
        return value
    }

    private var malformed: RADIUSError { RADIUSError(.valueMalformed, context: name) }

    private func required(_ octets: [UInt8]?) throws(RADIUSError) -> [UInt8] {
        guard let octets else { throw malformed }
        return octets
    }

    private func number(_ text: String, octets: Int) throws(RADIUSError) -> ArraySlice<UInt8> {
        let value: UInt64
        if let named = number(named: text) {
            value = named
        } else if text.first?.isNumber == true {
            guard let read = ValueText.unsigned(text) else {
                let digits = text.allSatisfy { $0.isASCII && $0.isNumber }
                throw digits ? RADIUSError(.valueOutOfRange, context: name) : malformed
            }
            value = read
        } else {
            throw RADIUSError(text.first == "-" ? .valueOutOfRange : .unknownValue, context: name)
        }
        guard octets == 8 || value >> UInt64(octets * 8) == 0 else {
            throw RADIUSError(.valueOutOfRange, context: name)
        }
        return withUnsafeBytes(of: value.bigEndian) { Array($0) }.suffix(octets)
    }
}
