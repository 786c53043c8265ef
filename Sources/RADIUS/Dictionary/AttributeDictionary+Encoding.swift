extension AttributeDictionary {
    /// The attribute that a name and a text say, checked against its layout.
    ///
    /// The name may be `Attr-<type>`, `Vendor-<id>-Attr-<n>`, `PARENT.NAME` for a part of a structured attribute, or, if the
    /// attribute is tagged, `NAME:<tag>` with a tag of 1…31. Throws `.unknownAttribute`, `.unknownValue`, `.valueMalformed`
    /// (which a salted value always is), `.valueOutOfRange` or `.attributeValueTooLong`, with the name.
    public func attribute(_ name: String, _ text: String) throws(RADIUSError) -> Attribute {
        let attributes = try attributes(name, text)
        guard attributes.count == 1, let attribute = attributes.first else {
            throw RADIUSError(.attributeValueTooLong, context: name)
        }
        return attribute
    }

    /// The same for values that may go on in further attributes: long extended ones and those of layout `concat`.
    public func attributes(_ name: String, _ text: String) throws(RADIUSError) -> [Attribute] {
        let (definition, tag) = try taggedDefinition(name)
        guard !definition.isSalted else { throw RADIUSError(.valueMalformed, context: definition.name) }
        let content = try definition.tagged(try octets(text, of: definition), tag: tag)
        do throws(RADIUSError) {
            return try definition.attributes(holding: content)
        } catch {
            throw RADIUSError(error.code, context: definition.name)
        }
    }

    /// The octets of those attributes, types and lengths included, ready for ``PacketWriter/append(encoded:)``.
    public func encode(_ name: String, _ text: String) throws(RADIUSError) -> [UInt8] {
        var octets: [UInt8] = []
        for attribute in try attributes(name, text) { octets += try attribute.encoded() }
        return octets
    }

    /// The value of a salted attribute is a text's UTF-8 or, after `0x`, octets; others are as ``encode(_:_:)`` has them.
    public func append(
        _ name: String, _ text: String, to writer: inout PacketWriter, secret: SharedSecret
    ) throws(RADIUSError) {
        let (definition, tag) = try taggedDefinition(name)
        guard definition.isSalted else { return writer.append(encoded: try encode(name, text)) }
        guard let value = ValueText.octets(text) else { throw RADIUSError(.valueMalformed, context: definition.name) }
        guard let hidden = writer.concealed(value, secret: secret) else { return }
        let content = definition.isTagged ? [tag ?? 0] + hidden : hidden
        for attribute in try definition.attributes(holding: content) { writer.append(attribute.type, attribute.value) }
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

    /// The value that a text says, without its tag.
    private func octets(_ text: String, of definition: AttributeDefinition) throws(RADIUSError) -> [UInt8] {
        guard definition.valueType == .tlv, text.hasPrefix("{") else { return try definition.octets(text) }
        guard definition.key.nestedTypes.count < AttributeDefinition.Key.maximumDepth,
            let fields = StructuredText.fields(of: text)
        else { throw RADIUSError(.valueMalformed, context: definition.name) }
        var content: [UInt8] = []
        for field in fields {
            let inner = try resolved(field.name, in: definition)
            guard !inner.isSalted else { throw RADIUSError(.valueMalformed, context: inner.name) }
            let text = inner.valueType == .string ? ValueText.unquoted(field.value) ?? field.value : field.value
            let value = try inner.tagged(try octets(text, of: inner), tag: nil)
            content += try NestedAttribute(inner.key.path.last ?? 0, value).encoded()
        }
        return content
    }
}

extension AttributeDefinition {
    /// The attributes of a packet that carry a value, behind the headers of the attributes around it.
    fileprivate func attributes(holding value: [UInt8]) throws(RADIUSError) -> [Attribute] {
        var content = value
        for type in key.nestedTypes.reversed() { content = try NestedAttribute(type, content).encoded() }
        if let extended = key.extendedType { return try ExtendedAttribute(extended, content).attributes() }
        if let vendor = key.vendor {
            guard content.count <= PacketLimits.maximumVendorValueLength else {
                throw RADIUSError(.attributeValueTooLong)
            }
            return [Attribute(vendor: vendor, type: key.type, content)]
        }
        let room = PacketLimits.maximumValueLength
        guard content.count <= (valueType == .concat ? PacketLimits.maximumLength : room) else {
            throw RADIUSError(.attributeValueTooLong)
        }
        return stride(from: 0, to: max(1, content.count), by: room).map { start in
            Attribute(AttributeType(rawValue: key.type), Array(content[start..<min(start + room, content.count)]))
        }
    }

    /// The value that a text says, without its tag.
    fileprivate func octets(_ text: String) throws(RADIUSError) -> [UInt8] {
        switch valueType {
        case .string: return Array(text.utf8)
        case .octets, .concat, .tlv, .vsa, .extended, .longExtended, .evs: return try required(ValueText.octets(text))
        case .byte: return Array(try number(text, octets: 1))
        case .short: return Array(try number(text, octets: 2))
        case .integer: return Array(try number(text, octets: isTagged ? 3 : 4))
        case .integer64: return Array(try number(text, octets: 8))
        case .date: return try required(ValueText.date(text))
        case .ipaddr: return try required(ValueText.ipv4(text))
        case .ipv6addr: return try required(ValueText.ipv6(text))
        case .ipv4prefix: return try required(ValueText.ipv4Prefix(text))
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
