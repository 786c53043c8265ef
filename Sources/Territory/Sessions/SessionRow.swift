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
    /// Whose usage it is; nil: nobody we know.
    public var subject: SubjectReference?
    /// Framed-IP-Address.
    public var framedAddress: IPAddress?
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
    var shared: Shared<SessionParticulars>

    /// A row with these columns.
    public init(
        sessionID: UUID, nasID: NASID, sessionKey: SessionKey, version: Int32, organisationID: OrganisationID,
        siteID: SiteID, subject: SubjectReference? = nil, userName: String? = nil, acctSessionID: String,
        callingStation: String? = nil, calledStation: String? = nil, framedAddress: IPAddress? = nil,
        framedIPv6Prefix: IPPrefix? = nil, delegatedIPv6Prefix: IPPrefix? = nil, nasPort: Int64? = nil,
        startedAt: Date, lastEventAt: Date, receivedAt: Date, stoppedAt: Date? = nil, inferredStop: Bool = false,
        terminateCause: String? = nil, counters: SessionCounters = .zero
    ) {
        shared = Shared(
            SessionParticulars(
                organisationID: organisationID, siteID: siteID, userName: userName, acctSessionID: acctSessionID,
                callingStation: callingStation, calledStation: calledStation, framedIPv6Prefix: framedIPv6Prefix,
                delegatedIPv6Prefix: delegatedIPv6Prefix, nasPort: nasPort))
        self.sessionID = sessionID
        self.nasID = nasID
        self.sessionKey = sessionKey
        self.version = version
        self.subject = subject
        self.framedAddress = framedAddress
        self.startedAt = startedAt
        self.lastEventAt = lastEventAt
        self.receivedAt = receivedAt
        self.stoppedAt = stoppedAt
        self.inferredStop = inferredStop
        self.terminateCause = terminateCause
        self.counters = counters
    }

    /// The row of a session first heard of by `record`, whose particulars it shares.
    init(sessionID: UUID, version: Int32, record: AccountingRecord, startedAt: Date, counters: SessionCounters) {
        self.sessionID = sessionID
        nasID = record.nasID
        sessionKey = record.sessionKey
        self.version = version
        subject = record.subject
        framedAddress = record.framedAddress
        self.startedAt = startedAt
        lastEventAt = record.eventTime.date
        receivedAt = record.receivedAt
        stoppedAt = record.kind == .stop ? record.eventTime.date : nil
        inferredStop = false
        terminateCause = record.kind == .stop ? record.terminateCause : nil
        self.counters = counters
        shared = record.shared
    }

    /// Whether it still goes on.
    public var isOpen: Bool { stoppedAt == nil }

    /// What the columns of who, where and on what say.
    public var particulars: SessionParticulars {
        get { shared.value }
        set { shared.value = newValue }
    }

    /// Whether the columns of who, where and on what are equal; cheap where they are the same in memory.
    public func hasSameParticulars(as other: SessionRow) -> Bool { shared == other.shared }
}

/// The columns of ``particulars``.
extension SessionRow {
    /// The tenant it belongs to.
    public var organisationID: OrganisationID {
        get { particulars.organisationID }
        set { particulars.organisationID = newValue }
    }
    /// The site it is at.
    public var siteID: SiteID {
        get { particulars.siteID }
        set { particulars.siteID = newValue }
    }
    /// User-Name.
    public var userName: String? {
        get { particulars.userName }
        set { particulars.userName = newValue }
    }
    /// Acct-Session-Id.
    public var acctSessionID: String {
        get { particulars.acctSessionID }
        set { particulars.acctSessionID = newValue }
    }
    /// The device, as a canonical MAC address where it is one.
    public var callingStation: String? {
        get { particulars.callingStation }
        set { particulars.callingStation = newValue }
    }
    /// The access point and SSID.
    public var calledStation: String? {
        get { particulars.calledStation }
        set { particulars.calledStation = newValue }
    }
    /// Framed-IPv6-Prefix.
    public var framedIPv6Prefix: IPPrefix? {
        get { particulars.framedIPv6Prefix }
        set { particulars.framedIPv6Prefix = newValue }
    }
    /// Delegated-IPv6-Prefix.
    public var delegatedIPv6Prefix: IPPrefix? {
        get { particulars.delegatedIPv6Prefix }
        set { particulars.delegatedIPv6Prefix = newValue }
    }
    /// NAS-Port.
    public var nasPort: Int64? {
        get { particulars.nasPort }
        set { particulars.nasPort = newValue }
    }
}
