/// One field of a template.
struct FlowField: Hashable, Sendable {
    /// The information element, without the enterprise bit.
    var element: UInt16
    /// Octets; 65535 when each record says so itself (RFC 7011 §7).
    var length: UInt16
    /// Whose element; 0 for IANA's.
    var enterprise: UInt32

    var isVariable: Bool { length == 0xffff }
}

/// What is read of a record (IANA “IPFIX Information Elements”; the same numbers below 128 in NetFlow v9).
enum FlowElement: UInt8, Sendable {
    case skip
    case source4, source6, destination4, destination6
    case postSource4, postSource6, postDestination4, postDestination6
    case sourcePort, destinationPort, postSourcePort, postDestinationPort
    case networkProtocol, natEvent, firewallEvent
    case startSeconds, endSeconds, startMilliseconds, endMilliseconds
    case startFraction, endFraction, startUptime, endUptime
    case startDelta, endDelta
    case observedSeconds, observedMilliseconds, observedFraction
    case systemInit
    case sourceMAC, flowID
    case portStart, portEnd, portStep, portCount

    /// Nothing of a length that its type cannot have is read (RFC 7011 §6.2 allows integers to be shorter).
    init(_ field: FlowField, isIPFIX: Bool) {
        self = field.enterprise == 0 ? Self.named(field.element, isIPFIX: isIPFIX) : .skip
        switch self {
        case .source4, .destination4, .postSource4, .postDestination4: if field.length != 4 { self = .skip }
        case .source6, .destination6, .postSource6, .postDestination6: if field.length != 16 { self = .skip }
        case .sourceMAC: if field.length != 6 { self = .skip }
        case .startFraction, .endFraction, .observedFraction: if field.length != 8 { self = .skip }
        default: if field.length == 0 || field.length > 8 { self = .skip }
        }
    }

    private static func named(_ element: UInt16, isIPFIX: Bool) -> FlowElement {
        switch element {
        case 8: .source4
        case 27: .source6
        case 12: .destination4
        case 28: .destination6
        case 225: .postSource4
        case 281: .postSource6
        case 226: .postDestination4
        case 282: .postDestination6
        case 7: .sourcePort
        case 11: .destinationPort
        case 227: .postSourcePort
        case 228: .postDestinationPort
        case 4: .networkProtocol
        case 230: .natEvent
        case 233: .firewallEvent
        case 56: .sourceMAC
        case 148: .flowID
        case 361: .portStart
        case 362: .portEnd
        case 363: .portStep
        case 364: .portCount
        default: time(element) ?? (isIPFIX ? .skip : cisco(element))
        }
    }

    private static func time(_ element: UInt16) -> FlowElement? {
        switch element {
        case 22: .startUptime
        case 21: .endUptime
        case 150: .startSeconds
        case 151: .endSeconds
        case 152: .startMilliseconds
        case 153: .endMilliseconds
        case 154, 156: .startFraction
        case 155, 157: .endFraction
        case 158: .startDelta
        case 159: .endDelta
        case 160: .systemInit
        case 322: .observedSeconds
        case 323: .observedMilliseconds
        case 324, 325: .observedFraction
        default: nil
        }
    }

    /// The numbers of Cisco ASA's NetFlow v9 before it took IANA's.
    private static func cisco(_ element: UInt16) -> FlowElement {
        switch element {
        case 40_001: .postSource4
        case 40_002: .postDestination4
        case 40_003: .postSourcePort
        case 40_004: .postDestinationPort
        case 40_005: .firewallEvent
        default: .skip
        }
    }
}
