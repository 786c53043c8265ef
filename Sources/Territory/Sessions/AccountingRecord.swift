public import Foundation

/// One Accounting-Request about a session, or about a whole NAS (`on`, `off`), as values.
public struct AccountingRecord: Sendable, Hashable {
    /// Acct-Status-Type (RFC 2866 §5.1).
    public enum Kind: UInt8, Sendable, Hashable, Codable, CaseIterable {
        /// Start, 1.
        case start = 1
        /// Stop, 2.
        case stop = 2
        /// Interim-Update, 3.
        case interim = 3
        /// Accounting-On, 7: the NAS has started.
        case on = 7
        /// Accounting-Off, 8: the NAS is about to stop.
        case off = 8
    }

    /// What it says.
    public var kind: Kind
    /// The NAS that says it.
    public var nasID: NASID
    /// What identifies the session to the NAS; of no meaning for `on` and `off`.
    public var sessionKey: SessionKey
    /// Whose usage it is, from Class or User-Name.
    public var subject: SubjectReference?
    /// Framed-IP-Address.
    public var framedAddress: IPAddress?
    /// Acct-Session-Time; nil where absent.
    public var sessionSeconds: Int64?
    /// Octets and packets, from the visitor.
    public var input: Direction
    /// Octets and packets, to the visitor.
    public var output: Direction
    /// Acct-Terminate-Cause by name.
    public var terminateCause: String?
    /// When it happened.
    public var eventTime: EventTime
    /// When it reached us.
    public var receivedAt: Date
    var shared: Shared<SessionParticulars>

    /// One direction's counters.
    public struct Direction: Sendable, Hashable {
        /// Octets, Gigawords included; nil where absent.
        public var octets: Int64?
        /// Whether a Gigawords attribute was there; without it a counter may wrap at 2³².
        public var hasGigawords: Bool
        /// Packets; nil where absent.
        public var packets: Int64?

        /// Nothing reported.
        public static let absent = Direction(octets: nil, hasGigawords: false, packets: nil)

        /// These counts.
        public init(octets: Int64?, hasGigawords: Bool = true, packets: Int64? = nil) {
            self.octets = octets
            self.hasGigawords = hasGigawords
            self.packets = packets
        }

        /// Joins Acct-Input-Octets and Acct-Input-Gigawords, or their output twins (RFC 2869 §5.1, §5.2). A Gigawords
        /// value that would overflow 63 bits is cut to the largest.
        public init(octets low: UInt32?, gigawords: UInt32?, packets: UInt32? = nil) {
            let high = UInt64(gigawords ?? 0)
            let whole = low == nil && gigawords == nil ? nil : high << 32 | UInt64(low ?? 0)
            self.init(
                octets: whole.map { Int64(clamping: $0) }, hasGigawords: gigawords != nil,
                packets: packets.map(Int64.init))
        }
    }

    /// A record with these fields. `swapOctets` exchanges the directions for equipment that reports them reversed
    /// (``EquipmentProfile/swapOctets``).
    public init(
        kind: Kind, nasID: NASID, organisationID: OrganisationID, siteID: SiteID, sessionKey: SessionKey,
        acctSessionID: String, userName: String? = nil, subject: SubjectReference? = nil,
        callingStation: String? = nil, calledStation: String? = nil, framedAddress: IPAddress? = nil,
        framedIPv6Prefix: IPPrefix? = nil, delegatedIPv6Prefix: IPPrefix? = nil, nasPort: Int64? = nil,
        sessionSeconds: Int64? = nil, input: Direction = .absent, output: Direction = .absent,
        swapOctets: Bool = false, terminateCause: String? = nil, eventTime: EventTime, receivedAt: Date
    ) {
        shared = Shared(
            SessionParticulars(
                organisationID: organisationID, siteID: siteID, userName: userName, acctSessionID: acctSessionID,
                callingStation: callingStation, calledStation: calledStation, framedIPv6Prefix: framedIPv6Prefix,
                delegatedIPv6Prefix: delegatedIPv6Prefix, nasPort: nasPort))
        self.kind = kind
        self.nasID = nasID
        self.sessionKey = sessionKey
        self.subject = subject
        self.framedAddress = framedAddress
        self.sessionSeconds = sessionSeconds
        self.input = swapOctets ? output : input
        self.output = swapOctets ? input : output
        self.terminateCause = terminateCause
        self.eventTime = eventTime
        self.receivedAt = receivedAt
    }

    /// Who, where and on what.
    public var particulars: SessionParticulars {
        get { shared.value }
        set { shared.value = newValue }
    }
    /// The tenant of the NAS.
    public var organisationID: OrganisationID { particulars.organisationID }
    /// The site of the NAS.
    public var siteID: SiteID { particulars.siteID }
    /// Acct-Session-Id.
    public var acctSessionID: String { particulars.acctSessionID }
    /// User-Name.
    public var userName: String? { particulars.userName }
    /// The device, as a canonical MAC address where it is one.
    public var callingStation: String? { particulars.callingStation }
}
