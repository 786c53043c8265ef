/// Ports of a shared address that a subscriber has or had: IP-Port-Range and IP-Port-Forwarding-Map (RFC 8045 §3.1.2,
/// §3.1.3). It answers who was behind an address and a port, which is what the archive is asked.
public struct PortRange: Hashable, Sendable {
    /// What has happened to the ports.
    public enum Event: Hashable, Sendable {
        /// They are the subscriber's from now on.
        case allocated
        /// They no longer are.
        case deallocated
        /// Not said: a forwarding map, or a server's limit.
        case none
    }

    /// What has happened.
    public let event: Event
    /// The public ports, both ends included; one port for a forwarding map.
    public let ports: ClosedRange<UInt16>
    /// The public IPv4 address, 4 octets; nil when there is only one and it goes without saying.
    public let externalAddress: [UInt8]?
    /// The subscriber's own address, 4 or 16 octets, if said.
    public let internalAddress: [UInt8]?
    /// The subscriber's own port, if said.
    public let internalPort: UInt16?
    /// IP-Port-Type (RFC 8045 §3.2.1): which protocols, as IPFIX numbers them; nil for all.
    public let portType: UInt32?
    /// IP-Port-Local-Id: what else tells subscribers with equal addresses apart.
    public let localID: [UInt8]?

    /// Reads an attribute; nil for one of another type, without ports, or whose parts are misshapen or contradict.
    public init?(_ attribute: ExtendedAttribute) {
        guard [.ipPortRange, .ipPortForwardingMap].contains(attribute.type),
            let parts = NestedAttribute.read(attribute.value),
            let ports = Self.ports(parts, isMap: attribute.type == .ipPortForwardingMap)
        else { return nil }
        func part(_ type: Part) -> NestedAttribute? { parts.first { $0.type == type.rawValue } }
        func address(_ type: Part, _ length: Int) -> [UInt8]? {
            part(type).flatMap { $0.value.count == length ? $0.value : nil }
        }
        self.ports = ports
        switch part(.allocation)?.uint32 {
        case 1: event = .allocated
        case 2: event = .deallocated
        default: event = .none
        }
        externalAddress = address(.externalIPv4, 4)
        internalAddress = address(.internalIPv4, 4) ?? address(.internalIPv6, 16)
        internalPort = part(.internalPort)?.uint32.flatMap(UInt16.init(exactly:))
        portType = part(.type)?.uint32
        localID = part(.localID)?.value
    }

    private static func ports(_ parts: [NestedAttribute], isMap: Bool) -> ClosedRange<UInt16>? {
        func port(_ type: Part) -> UInt16? {
            parts.first { $0.type == type.rawValue }?.uint32.flatMap(UInt16.init(exactly:))
        }
        if isMap { return port(.externalPort).map { $0...$0 } }
        guard let first = port(.rangeStart), let last = port(.rangeEnd), first <= last else { return nil }
        return first...last
    }

    /// The numbers that the three attributes share (RFC 8045 §3.2).
    private enum Part: UInt8 {
        case type = 1
        case limit = 2
        case externalIPv4 = 3
        case internalIPv4 = 4
        case internalIPv6 = 5
        case internalPort = 6
        case externalPort = 7
        case allocation = 8
        case rangeStart = 9
        case rangeEnd = 10
        case localID = 11
    }
}

extension PacketView {
    /// Every port range and forwarding in an Accounting-Request or CoA, in order; those that cannot be read are left out.
    public func portRanges() -> [PortRange] {
        guard has(.extended1) else { return [] }
        return extendedAttributes().compactMap { PortRange($0) }
    }
}
