public import Foundation

/// One row of `access.live_session`, column for column.
public struct SessionRow: Sendable, Hashable {
    /// Ours, and the archive's key.
    public var sessionID: UUID
    /// The NAS that reports it.
    public var nasID: NASID
    /// What identifies it to that NAS.
    public var sessionKey: SessionKey
    /// Counts writes: a writer that read another version tries again.
    public var version: Int32
    /// The tenant it belongs to.
    public var organisationID: OrganisationID
    /// The site it is at.
    public var siteID: SiteID
    /// Whose usage it is; nil: nobody we know.
    public var subject: SubjectReference?
    /// User-Name.
    public var userName: String?
    /// Acct-Session-Id.
    public var acctSessionID: String
    /// The device, as a canonical MAC address where it is one.
    public var callingStation: String?
    /// The access point and SSID.
    public var calledStation: String?
    /// Framed-IP-Address.
    public var framedAddress: IPAddress?
    /// Framed-IPv6-Prefix.
    public var framedIPv6Prefix: IPPrefix?
    /// Delegated-IPv6-Prefix.
    public var delegatedIPv6Prefix: IPPrefix?
    /// NAS-Port.
    public var nasPort: Int64?
    /// When it began.
    public var startedAt: Date
    /// When the last thing we know of it happened.
    public var lastEventAt: Date
    /// When the last record that changed it reached us; stale closing goes by this, whatever the NAS's clock says.
    public var receivedAt: Date
    /// When it ended; nil: open.
    public var stoppedAt: Date?
    /// Whether the end was concluded rather than told.
    public var inferredStop: Bool
    /// Acct-Terminate-Cause by name, or ours where the end was inferred.
    public var terminateCause: String?
    /// What the NAS counted.
    public var counters: SessionCounters

    /// A row with these columns.
    public init(
        sessionID: UUID, nasID: NASID, sessionKey: SessionKey, version: Int32, organisationID: OrganisationID,
        siteID: SiteID, subject: SubjectReference? = nil, userName: String? = nil, acctSessionID: String,
        callingStation: String? = nil, calledStation: String? = nil, framedAddress: IPAddress? = nil,
        framedIPv6Prefix: IPPrefix? = nil, delegatedIPv6Prefix: IPPrefix? = nil, nasPort: Int64? = nil,
        startedAt: Date, lastEventAt: Date, receivedAt: Date, stoppedAt: Date? = nil, inferredStop: Bool = false,
        terminateCause: String? = nil, counters: SessionCounters = .zero
    ) {
        self.sessionID = sessionID
        self.nasID = nasID
        self.sessionKey = sessionKey
        self.version = version
        self.organisationID = organisationID
        self.siteID = siteID
        self.subject = subject
        self.userName = userName
        self.acctSessionID = acctSessionID
        self.callingStation = callingStation
        self.calledStation = calledStation
        self.framedAddress = framedAddress
        self.framedIPv6Prefix = framedIPv6Prefix
        self.delegatedIPv6Prefix = delegatedIPv6Prefix
        self.nasPort = nasPort
        self.startedAt = startedAt
        self.lastEventAt = lastEventAt
        self.receivedAt = receivedAt
        self.stoppedAt = stoppedAt
        self.inferredStop = inferredStop
        self.terminateCause = terminateCause
        self.counters = counters
    }

    /// Whether it still goes on.
    public var isOpen: Bool { stoppedAt == nil }
}
