/// What a packet's attributes are once fragments are put together.
public enum WholeAttribute {
    /// An attribute as it stands: a plain one, or an extended one that cannot be read, which is kept as octets
    /// (RFC 6929 §2.8).
    case plain(AttributeView)
    /// An extended attribute.
    case extended(ExtendedAttribute)
}

extension PacketView {
    /// The attributes in order, the fragments of long extended ones put together (RFC 6929 §2.2).
    ///
    /// Fragments that do not follow each other, or do not end, stay as they are, one by one.
    public func wholeAttributes() -> [WholeAttribute] {
        var whole: [WholeAttribute] = []
        whole.reserveCapacity(attributeCount)
        var fragments: [AttributeView] = []
        for attribute in attributes {
            if let first = fragments.first, !first.continues(in: attribute) {
                whole += fragments.map(WholeAttribute.plain)
                fragments = []
            }
            guard ExtendedType.spaces.contains(attribute.type.rawValue) else {
                whole.append(.plain(attribute))
                continue
            }
            fragments.append(attribute)
            if attribute.hasMoreFlag { continue }
            if let extended = ExtendedAttribute(fragments) {
                whole.append(.extended(extended))
            } else {
                whole += fragments.map(WholeAttribute.plain)
            }
            fragments = []
        }
        return whole + fragments.map(WholeAttribute.plain)
    }

    /// The extended attributes that can be read, in order.
    public func extendedAttributes() -> [ExtendedAttribute] {
        wholeAttributes().compactMap { if case .extended(let attribute) = $0 { attribute } else { nil } }
    }

    /// Every extended attribute of a type, in order.
    public func all(_ type: ExtendedType) -> [ExtendedAttribute] {
        guard has(AttributeType(rawValue: type.space)) else { return [] }
        return extendedAttributes().filter { $0.type == type }
    }

    /// The first extended attribute of a type.
    public func first(_ type: ExtendedType) -> ExtendedAttribute? { all(type).first }
}

extension AttributeView {
    /// Whether another fragment follows; reserved bits say nothing (RFC 6929 §2.2).
    fileprivate var hasMoreFlag: Bool {
        ExtendedType.longSpaces.contains(type.rawValue) && value.count >= 2 && value[1] & 0x80 != 0
    }

    /// Whether `next` is another fragment of the same attribute.
    fileprivate func continues(in next: AttributeView) -> Bool {
        type == next.type && value.count >= 2 && next.value.count >= 2 && value[0] == next.value[0]
    }
}

extension ExtendedAttribute {
    /// An attribute and the fragments that continue it; nil for type 0, an empty value and a vendor above 2^24 − 1.
    fileprivate init?(_ fragments: [AttributeView]) {
        guard let first = fragments.first, let type = first.value.first, type > 0 else { return nil }
        let space = first.type.rawValue
        let header = ExtendedType.longSpaces.contains(space) ? 2 : 1
        let content = fragments.flatMap { $0.value.dropFirst(header) }
        guard type == ExtendedType.vendorSpecific else {
            guard !content.isEmpty else { return nil }
            self.init(ExtendedType(space, type), content)
            return
        }
        guard content.count > 5, content[0] == 0 else { return nil }
        let vendor = content[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(ExtendedType(space, vendor: .init(vendor, content[4])), Array(content[5...]))
    }
}
