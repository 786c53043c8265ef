/// What a CoA or Disconnect request may name a session by.
public struct SessionIdentity: Sendable, Hashable {
    /// User-Name.
    public var userName: String?
    /// Acct-Session-Id.
    public var acctSessionID: String?
    /// The device; spelled as the profile says where it is a MAC address.
    public var callingStation: String?
    /// The access point.
    public var calledStation: String?
    /// Framed-IP-Address.
    public var framedAddress: IPAddress?
    /// NAS-Port.
    public var nasPort: Int64?
    /// NAS-Identifier.
    public var nasIdentifier: String?

    /// An identity of these parts.
    public init(
        userName: String? = nil, acctSessionID: String? = nil, callingStation: String? = nil,
        calledStation: String? = nil, framedAddress: IPAddress? = nil, nasPort: Int64? = nil,
        nasIdentifier: String? = nil
    ) {
        self.userName = userName
        self.acctSessionID = acctSessionID
        self.callingStation = callingStation
        self.calledStation = calledStation
        self.framedAddress = framedAddress
        self.nasPort = nasPort
        self.nasIdentifier = nasIdentifier
    }

    /// The identity of a stored session.
    public init(_ row: SessionRow, nasIdentifier: String? = nil) {
        self.init(
            userName: row.userName, acctSessionID: row.acctSessionID, callingStation: row.callingStation,
            calledStation: row.calledStation, framedAddress: row.framedAddress, nasPort: row.nasPort,
            nasIdentifier: nasIdentifier)
    }

    /// A device whose session is not known: MAC authentication anew.
    public init(device: MACAddress, nasIdentifier: String? = nil) {
        self.init(callingStation: device.description, nasIdentifier: nasIdentifier)
    }
}
