/// What one line, lease or flow record says of who had which address and port, and when.
///
/// It has no room for text: names of devices, URLs, DNS names and application categories cannot leave a parser. A
/// destination is there only when ``ParserOptions/keepsDestination`` asked for it. No heap, fixed size, safe to copy.
public struct NetworkEvent: Hashable, Sendable, BitwiseCopyable {
    /// What happened.
    public var kind: Kind
    /// How ``time`` came about.
    public var timeTraits: TimeTraits
    /// The IANA protocol number (6 TCP, 17 UDP, 1 ICMP); 0 when not stated.
    public var networkProtocol: UInt8
    /// Where the session began inside (source translated) or outside (destination translated).
    public var origin: Origin
    /// The port inside; of ICMP, the identifier. 0 when not stated.
    public var privatePort: UInt16
    /// The port or ports outside.
    public var publicPorts: PortRange
    /// The destination's port; 0 unless destinations are kept.
    public var destinationPort: UInt16
    /// When, by the source's clock, in milliseconds since 1970 UTC.
    public var time: Int64
    /// The address inside, or the leased one.
    public var privateAddress: NetworkAddress
    /// The address outside.
    public var publicAddress: NetworkAddress
    /// The destination; ``NetworkAddress/none`` unless destinations are kept.
    public var destinationAddress: NetworkAddress
    private var startOrNone: Int64
    private var endOrNone: Int64
    private var macOrNone: UInt64
    private var sessionOrNone: UInt64
    private var sessionStated: Bool

    private static let noTime = Int64.min
    private static let noMAC = UInt64.max

    /// An event without addresses, ports or interval.
    public init(_ kind: Kind, time: Int64, traits: TimeTraits = []) {
        (self.kind, self.time, timeTraits) = (kind, time, traits)
        (networkProtocol, origin, privatePort, destinationPort) = (0, .inside, 0, 0)
        publicPorts = .none
        (privateAddress, publicAddress, destinationAddress) = (.none, .none, .none)
        (startOrNone, endOrNone) = (Self.noTime, Self.noTime)
        (macOrNone, sessionOrNone, sessionStated) = (Self.noMAC, 0, false)
    }

    /// When the binding, session or lease began, milliseconds since 1970 UTC: what the source says, or the event's own
    /// time when it tells the beginning; else nil.
    public var start: Int64? {
        get { startOrNone == Self.noTime ? nil : startOrNone }
        set { startOrNone = newValue ?? Self.noTime }
    }

    /// When it ended, or for a lease that holds when it will expire; as for ``start``.
    public var end: Int64? {
        get { endOrNone == Self.noTime ? nil : endOrNone }
        set { endOrNone = newValue ?? Self.noTime }
    }

    /// The device's hardware address, if stated.
    public var mac: MACAddress? {
        get { macOrNone == Self.noMAC ? nil : MACAddress(value: macOrNone) }
        set { macOrNone = newValue?.value ?? Self.noMAC }
    }

    /// The source's own number for the session: that of conntrack, FortiGate's `sessionid`, IPFIX `flowId`.
    public var sessionID: UInt64? {
        get { sessionStated ? sessionOrNone : nil }
        set { (sessionOrNone, sessionStated) = (newValue ?? 0, newValue != nil) }
    }
}

extension NetworkEvent {
    /// What began says when at the least, and so does what ended: the time itself, if the source says no other.
    @inline(__always) mutating func settle() {
        switch kind {
        case .natCreated, .portBlockAllocated, .addressBound, .leaseGranted, .leaseRenewed:
            if startOrNone == Self.noTime { startOrNone = time }
        case .natDeleted, .portBlockFreed, .addressUnbound, .leaseReleased, .leaseExpired:
            if endOrNone == Self.noTime { endOrNone = time }
        case .natUpdated, .natSession, .leaseDeclined, .flow: break
        }
    }

    /// What happened; the numbers are stable and may be stored.
    public enum Kind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// A translation began.
        case natCreated = 1
        /// A translation ended.
        case natDeleted = 2
        /// A translation was seen alive.
        case natUpdated = 3
        /// A whole translation, with its interval.
        case natSession = 4
        /// A block of public ports was given to a private address.
        case portBlockAllocated = 5
        /// A block of public ports was taken back.
        case portBlockFreed = 6
        /// A public address was given to a private one, ports not being the matter.
        case addressBound = 7
        /// A public address was taken back.
        case addressUnbound = 8
        /// A lease began. A DHCP acknowledgement of which the source does not say whether it renews is one too.
        case leaseGranted = 9
        /// A lease was prolonged.
        case leaseRenewed = 10
        /// The device gave its lease back, or the server took it.
        case leaseReleased = 11
        /// A lease ran out.
        case leaseExpired = 12
        /// The device refused the address, which somebody else had.
        case leaseDeclined = 13
        /// A flow without translation; only when ``ParserOptions/keepsUntranslated`` asked for it.
        case flow = 14
    }

    /// Which side opened a translated session.
    public enum Origin: UInt8, Sendable, BitwiseCopyable {
        /// The device inside: its source was translated.
        case inside = 0
        /// Somebody outside: the destination was translated (a port forwarded).
        case outside = 1
    }

    /// How an event's time came about.
    public struct TimeTraits: OptionSet, Hashable, Sendable, BitwiseCopyable {
        /// The bits; stable, may be stored.
        public let rawValue: UInt8
        /// From stored bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The source wrote no year: the one nearest to the reception was taken.
        public static let yearInferred = TimeTraits(rawValue: 1)
        /// The source wrote no zone: its declared zone was taken.
        public static let zoneInferred = TimeTraits(rawValue: 2)
        /// The local time came twice (the autumn night): the one nearest to the reception was taken.
        public static let ambiguousHour = TimeTraits(rawValue: 4)
        /// The local time never came (the spring night): the offset before the change was taken.
        public static let skippedHour = TimeTraits(rawValue: 8)
        /// The source gave no usable time: this is the reception's.
        public static let fromReception = TimeTraits(rawValue: 16)
    }
}
