extension AttributeDictionary {
    /// An attribute as `NAME = value`, one for each vendor attribute of a Vendor-Specific one, joined by commas.
    ///
    /// It never fails: what is not defined, or not laid out as defined, is shown as octets under its own name
    /// (`Attr-<type>`, `Vendor-<id>-Attr-<n>`). Passwords and keys show their length only; every other value is shown, and
    /// names people: not for logs.
    public func describe(_ attribute: AttributeView) -> String {
        let key = AttributeDefinition.Key(type: attribute.type.rawValue)
        guard attribute.type == .vendorSpecific, let specific = try? VendorSpecificView(attribute.value) else {
            return describe(key, attribute.value)
        }
        let inner = specific.attributes.map { attribute in
            describe(
                AttributeDefinition.Key(vendor: specific.vendor, type: attribute.type.rawValue), attribute.value)
        }
        return inner.joined(separator: ", ")
    }

    /// A packet: its code and identifier, then each attribute, a line each.
    public func describe(_ packet: PacketView) -> [String] {
        ["\(packet.code) id \(packet.identifier) length \(packet.bytes.count)"] + packet.attributes.map(describe)
    }

    private func describe(_ key: AttributeDefinition.Key, _ value: UnsafeRawBufferPointer) -> String {
        guard let definition = definition(key) else {
            let name = key.vendor.map { "Vendor-\($0)-Attr-\(key.type)" } ?? "Attr-\(key.type)"
            return "\(name) = \(ValueText.octets(value))"
        }
        var (name, value) = (definition.name, value[...])
        if definition.isTagged, let tag = value.first, tag <= 0x1f {
            if tag > 0 { name += ":\(tag)" }
            value = value.dropFirst()
        }
        if definition.isHidden { return "\(name) = (\(value.count) octets, hidden)" }
        return "\(name) = \(definition.text(value) ?? ValueText.octets(value))"
    }
}

extension AttributeDefinition {
    /// The text of a value; nil when it is not laid out as defined.
    fileprivate func text(_ value: Slice<UnsafeRawBufferPointer>) -> String? {
        switch valueType {
        case .string: return String(validating: value, as: UTF8.self).map(ValueText.quoted)
        case .octets, .vsa: return nil
        case .byte, .short, .integer, .integer64:
            guard value.count == (isTagged ? 3 : valueType.length) else { return nil }
            let number = value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return values[number] ?? String(number)
        case .date:
            guard value.count == 4 else { return nil }
            return ValueText.date(value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        case .ipaddr: return value.count == 4 ? ValueText.address(value) : nil
        case .ipv6addr: return value.count == 16 ? ValueText.address(value) : nil
        case .ipv6prefix: return ValueText.ipv6Prefix(value)
        case .ifid: return ValueText.interfaceID(value)
        }
    }
}
