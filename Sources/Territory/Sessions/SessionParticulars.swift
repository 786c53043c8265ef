/// Who, where and on what a session is, as its NAS tells it. Nearly every record of a session repeats these as they were.
public struct SessionParticulars: Sendable, Hashable {
    /// The tenant it belongs to.
    public var organisationID: OrganisationID
    /// The site it is at.
    public var siteID: SiteID
    /// User-Name.
    public var userName: String?
    /// Acct-Session-Id.
    public var acctSessionID: String
    /// The device, as a canonical MAC address where it is one.
    public var callingStation: String?
    /// The access point and SSID.
    public var calledStation: String?
    /// Framed-IPv6-Prefix.
    public var framedIPv6Prefix: IPPrefix?
    /// Delegated-IPv6-Prefix.
    public var delegatedIPv6Prefix: IPPrefix?
    /// NAS-Port.
    public var nasPort: Int64?

    /// Takes over what `told` adds: what was not known, and with `preferringTold` what it says otherwise too, but for the
    /// device, which stays. Organisation, site and Acct-Session-Id stay as they began.
    mutating func learn(_ told: SessionParticulars, preferringTold: Bool) {
        Self.learn(&userName, told.userName, preferringTold)
        Self.learn(&callingStation, told.callingStation, false)
        Self.learn(&calledStation, told.calledStation, preferringTold)
        Self.learn(&framedIPv6Prefix, told.framedIPv6Prefix, preferringTold)
        Self.learn(&delegatedIPv6Prefix, told.delegatedIPv6Prefix, preferringTold)
        Self.learn(&nasPort, told.nasPort, preferringTold)
    }

    private static func learn<Value>(_ known: inout Value?, _ told: Value?, _ preferringTold: Bool) {
        if let told, preferringTold || known == nil { known = told }
    }
}

/// A value that is copied far more often than it changes, held by reference: a session's row is handed on at every step
/// from the packet to the store, and its texts with it.
struct Shared<Value: Sendable & Hashable>: Sendable, Hashable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    init(_ value: Value) { box = Box(value) }

    var value: Value {
        get { box.value }
        set { if newValue != box.value { box = Box(newValue) } }
    }

    /// Whether both are one value in memory; equal values need not be.
    func isSame(as other: Shared) -> Bool { box === other.box }

    static func == (left: Shared, right: Shared) -> Bool { left.box === right.box || left.box.value == right.box.value }

    func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}
