/// The type of an attribute (RFC 2865 §5). The constants are those that code refers to; all names are in the dictionaries.
public struct AttributeType: RawRepresentable, Hashable, Sendable {
    /// The octet on the wire.
    public let rawValue: UInt8

    /// Any octet is a type, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// User-Name.
    public static let userName = AttributeType(rawValue: 1)
    /// User-Password.
    public static let userPassword = AttributeType(rawValue: 2)
    /// CHAP-Password.
    public static let chapPassword = AttributeType(rawValue: 3)
    /// NAS-IP-Address.
    public static let nasIPAddress = AttributeType(rawValue: 4)
    /// NAS-Port.
    public static let nasPort = AttributeType(rawValue: 5)
    /// Service-Type.
    public static let serviceType = AttributeType(rawValue: 6)
    /// Framed-Protocol.
    public static let framedProtocol = AttributeType(rawValue: 7)
    /// Framed-IP-Address.
    public static let framedIPAddress = AttributeType(rawValue: 8)
    /// Filter-Id.
    public static let filterID = AttributeType(rawValue: 11)
    /// Framed-MTU.
    public static let framedMTU = AttributeType(rawValue: 12)
    /// Reply-Message.
    public static let replyMessage = AttributeType(rawValue: 18)
    /// State.
    public static let state = AttributeType(rawValue: 24)
    /// Class.
    public static let classValue = AttributeType(rawValue: 25)
    /// Vendor-Specific.
    public static let vendorSpecific = AttributeType(rawValue: 26)
    /// Session-Timeout.
    public static let sessionTimeout = AttributeType(rawValue: 27)
    /// Idle-Timeout.
    public static let idleTimeout = AttributeType(rawValue: 28)
    /// Termination-Action.
    public static let terminationAction = AttributeType(rawValue: 29)
    /// Called-Station-Id.
    public static let calledStationID = AttributeType(rawValue: 30)
    /// Calling-Station-Id.
    public static let callingStationID = AttributeType(rawValue: 31)
    /// NAS-Identifier.
    public static let nasIdentifier = AttributeType(rawValue: 32)
    /// Proxy-State.
    public static let proxyState = AttributeType(rawValue: 33)
    /// Acct-Status-Type.
    public static let acctStatusType = AttributeType(rawValue: 40)
    /// Acct-Delay-Time.
    public static let acctDelayTime = AttributeType(rawValue: 41)
    /// Acct-Input-Octets.
    public static let acctInputOctets = AttributeType(rawValue: 42)
    /// Acct-Output-Octets.
    public static let acctOutputOctets = AttributeType(rawValue: 43)
    /// Acct-Session-Id.
    public static let acctSessionID = AttributeType(rawValue: 44)
    /// Acct-Authentic.
    public static let acctAuthentic = AttributeType(rawValue: 45)
    /// Acct-Session-Time.
    public static let acctSessionTime = AttributeType(rawValue: 46)
    /// Acct-Input-Packets.
    public static let acctInputPackets = AttributeType(rawValue: 47)
    /// Acct-Output-Packets.
    public static let acctOutputPackets = AttributeType(rawValue: 48)
    /// Acct-Terminate-Cause.
    public static let acctTerminateCause = AttributeType(rawValue: 49)
    /// Acct-Multi-Session-Id.
    public static let acctMultiSessionID = AttributeType(rawValue: 50)
    /// Acct-Link-Count.
    public static let acctLinkCount = AttributeType(rawValue: 51)
    /// Acct-Input-Gigawords.
    public static let acctInputGigawords = AttributeType(rawValue: 52)
    /// Acct-Output-Gigawords.
    public static let acctOutputGigawords = AttributeType(rawValue: 53)
    /// Event-Timestamp.
    public static let eventTimestamp = AttributeType(rawValue: 55)
    /// CHAP-Challenge.
    public static let chapChallenge = AttributeType(rawValue: 60)
    /// NAS-Port-Type.
    public static let nasPortType = AttributeType(rawValue: 61)
    /// Tunnel-Type.
    public static let tunnelType = AttributeType(rawValue: 64)
    /// Tunnel-Medium-Type.
    public static let tunnelMediumType = AttributeType(rawValue: 65)
    /// Tunnel-Password.
    public static let tunnelPassword = AttributeType(rawValue: 69)
    /// Connect-Info.
    public static let connectInfo = AttributeType(rawValue: 77)
    /// EAP-Message.
    public static let eapMessage = AttributeType(rawValue: 79)
    /// Message-Authenticator.
    public static let messageAuthenticator = AttributeType(rawValue: 80)
    /// Tunnel-Private-Group-ID.
    public static let tunnelPrivateGroupID = AttributeType(rawValue: 81)
    /// Acct-Interim-Interval.
    public static let acctInterimInterval = AttributeType(rawValue: 85)
    /// NAS-Port-Id.
    public static let nasPortID = AttributeType(rawValue: 87)
    /// Chargeable-User-Identity.
    public static let chargeableUserIdentity = AttributeType(rawValue: 89)
    /// NAS-IPv6-Address.
    public static let nasIPv6Address = AttributeType(rawValue: 95)
    /// Framed-Interface-Id.
    public static let framedInterfaceID = AttributeType(rawValue: 96)
    /// Framed-IPv6-Prefix.
    public static let framedIPv6Prefix = AttributeType(rawValue: 97)
    /// Error-Cause.
    public static let errorCause = AttributeType(rawValue: 101)
    /// Delegated-IPv6-Prefix.
    public static let delegatedIPv6Prefix = AttributeType(rawValue: 123)
    /// Operator-Name.
    public static let operatorName = AttributeType(rawValue: 126)
    /// Location-Information.
    public static let locationInformation = AttributeType(rawValue: 127)
    /// Location-Data.
    public static let locationData = AttributeType(rawValue: 128)
    /// Location-Capable.
    public static let locationCapable = AttributeType(rawValue: 131)
    /// Requested-Location-Info.
    public static let requestedLocationInfo = AttributeType(rawValue: 132)
    /// Framed-IPv6-Address.
    public static let framedIPv6Address = AttributeType(rawValue: 168)
    /// Extended-Attribute-1 (RFC 6929 §2.1).
    public static let extended1 = AttributeType(rawValue: 241)
}
