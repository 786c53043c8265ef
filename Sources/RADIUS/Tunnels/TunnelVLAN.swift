/// The VLAN of a session, said with three tunnel attributes (RFC 2868 §3.1, §3.2, §3.6; RFC 3580 §3.31).
public struct TunnelVLAN: Hashable, Sendable {
    /// Tunnel-Type VLAN.
    public static let tunnelType: UInt32 = 13
    /// Tunnel-Medium-Type IEEE-802.
    public static let mediumType: UInt32 = 6

    /// The VLAN's number, or a name that the equipment knows.
    public var group: String
    /// 1…31 binds the three attributes together; 0 leaves the tag out, as most equipment expects.
    public var tag: UInt8

    /// A VLAN by number or name; tags above 31 become 0.
    public init(_ group: String, tag: UInt8 = 0) {
        (self.group, self.tag) = (group, tag <= 0x1f ? tag : 0)
    }

    /// A VLAN of 1…4094; nil for another number.
    public init?(_ number: Int) {
        guard (1...4094).contains(number) else { return nil }
        self.init(String(number))
    }

    /// The first VLAN in a packet whose three attributes are there under one tag.
    public init?(_ packet: PacketView) {
        let types = Self.tags(of: .tunnelType, valued: Self.tunnelType, in: packet)
        let media = Self.tags(of: .tunnelMediumType, valued: Self.mediumType, in: packet)
        for attribute in packet.attributes where attribute.type == .tunnelPrivateGroupID {
            // A first octet above 31 is no tag but the text's own (RFC 2868 §3.6).
            let tag = attribute.value.first.flatMap { $0 <= 0x1f ? $0 : nil }
            let text = attribute.value.dropFirst(tag == nil ? 0 : 1)
            guard types.contains(tag ?? 0), media.contains(tag ?? 0), !text.isEmpty,
                let group = String(validating: text, as: UTF8.self)
            else { continue }
            self.init(group, tag: tag ?? 0)
            return
        }
        return nil
    }

    private static func tags(of type: AttributeType, valued number: UInt32, in packet: PacketView) -> Set<UInt8> {
        var tags: Set<UInt8> = []
        for attribute in packet.attributes where attribute.type == type {
            guard let value = attribute.uint32, value & 0xff_ffff == number else { continue }
            tags.insert(UInt8(truncatingIfNeeded: value >> 24))
        }
        return tags
    }

    /// The three attributes.
    public var attributes: [Attribute] {
        let tag = UInt32(self.tag) << 24
        return [
            Attribute(.tunnelType, uint32: tag | Self.tunnelType),
            Attribute(.tunnelMediumType, uint32: tag | Self.mediumType),
            Attribute(.tunnelPrivateGroupID, (self.tag > 0 ? [self.tag] : []) + Array(group.utf8)),
        ]
    }
}

extension PacketWriter {
    /// Appends the three attributes of a VLAN.
    public mutating func append(_ vlan: TunnelVLAN) { append(vlan.attributes) }
}
