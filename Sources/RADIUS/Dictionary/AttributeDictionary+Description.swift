extension AttributeDictionary {
    /// An attribute as `NAME = value`, one for each vendor attribute of a Vendor-Specific one, joined by commas.
    ///
    /// It never fails: what is not defined, or not laid out as defined, is shown as octets under its own name
    /// (`Attr-<type>`, `Vendor-<id>-Attr-<n>`). Passwords and keys show their length only; every other value is shown, and
    /// names people: not for logs. Fragments of an extended attribute are octets here: see ``describe(_:)-(PacketView)``.
    public func describe(_ attribute: AttributeView) -> String {
        let key = AttributeDefinition.Key(type: attribute.type.rawValue)
        guard attribute.type == .vendorSpecific, let specific = try? VendorSpecificView(attribute.value) else {
            return describe(key, Array(attribute.value))
        }
        let inner = specific.attributes.map { attribute in
            describe(AttributeDefinition.Key(vendor: specific.vendor, type: attribute.type.rawValue), attribute.octets)
        }
        return inner.joined(separator: ", ")
    }

    /// An extended attribute as `NAME = value`.
    public func describe(_ attribute: ExtendedAttribute) -> String {
        describe(AttributeDefinition.Key(attribute.type), attribute.value)
    }

    /// A packet: its code and identifier, then each attribute, a line each; those that go on in others are put together.
    public func describe(_ packet: PacketView) -> [String] {
        let place = packet.version == .radius11 ? "token \(packet.token)" : "id \(packet.identifier)"
        var lines = ["\(packet.code) \(place) length \(packet.bytes.count)"]
        var pending: (key: AttributeDefinition.Key, value: [UInt8])?
        for attribute in packet.wholeAttributes() {
            if case .plain(let plain) = attribute, isConcatenated(plain.type) {
                let key = AttributeDefinition.Key(type: plain.type.rawValue)
                if let known = pending, known.key != key { lines.append(describe(known.key, known.value)) }
                pending = (key, (pending?.key == key ? pending?.value ?? [] : []) + plain.octets)
                continue
            }
            if let known = pending { lines.append(describe(known.key, known.value)) }
            pending = nil
            switch attribute {
            case .plain(let plain): lines.append(describe(plain))
            case .extended(let extended): lines.append(describe(extended))
            }
        }
        if let known = pending { lines.append(describe(known.key, known.value)) }
        return lines
    }

    private func isConcatenated(_ type: AttributeType) -> Bool {
        definition(.init(type: type.rawValue))?.valueType == .concat
    }

    private func describe(_ key: AttributeDefinition.Key, _ value: [UInt8]) -> String {
        guard let definition = definition(key) else { return "\(key.numericName) = \(ValueText.octets(value))" }
        return describe(definition, value, name: definition.name)
    }

    private func describe(_ definition: AttributeDefinition, _ value: [UInt8], name: String) -> String {
        var (name, value) = (name, value[...])
        if definition.isTagged, let tag = value.first, tag <= 0x1f {
            if tag > 0 { name += ":\(tag)" }
            value = value.dropFirst()
        }
        if definition.isHidden { return "\(name) = (\(value.count) octets, hidden)" }
        let text = definition.valueType == .tlv ? structured(definition, value) : definition.text(value)
        return "\(name) = \(text ?? ValueText.octets(value))"
    }

    /// The attributes inside one, in braces; nil when they do not fill it.
    private func structured(_ definition: AttributeDefinition, _ value: ArraySlice<UInt8>) -> String? {
        guard definition.key.nestedTypes.count < AttributeDefinition.Key.maximumDepth,
            let parts = NestedAttribute.read(value)
        else { return nil }
        let texts = parts.map { part in
            guard let inner = self.definition(definition.key.child(part.type)) else {
                return "Attr-\(part.type) = \(ValueText.octets(part.value))"
            }
            return describe(inner, part.value, name: inner.shortName)
        }
        return "{\(texts.joined(separator: ", "))}"
    }
}

extension AttributeDefinition {
    /// The text of a value; nil when it is not laid out as defined.
    fileprivate func text(_ value: ArraySlice<UInt8>) -> String? {
        switch valueType {
        case .string: return String(validating: value, as: UTF8.self).map(ValueText.quoted)
        case .octets, .concat, .tlv, .vsa, .extended, .longExtended, .evs: return nil
        case .byte, .short, .integer, .integer64:
            guard value.count == (isTagged ? 3 : valueType.length) else { return nil }
            let number = value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return values[number] ?? String(number)
        case .date:
            guard value.count == 4 else { return nil }
            return ValueText.date(value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        case .ipaddr: return value.count == 4 ? ValueText.address(value) : nil
        case .ipv6addr: return value.count == 16 ? ValueText.address(value) : nil
        case .ipv4prefix: return ValueText.ipv4Prefix(value)
        case .ipv6prefix: return ValueText.ipv6Prefix(value)
        case .ifid: return ValueText.interfaceID(value)
        }
    }
}
