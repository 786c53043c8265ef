/// Microsoft's attributes that code refers to (RFC 2548 §2).
public enum MicrosoftAttribute: UInt8, Sendable {
    /// MS-CHAP-Response.
    case msCHAPResponse = 1
    /// MS-CHAP-Error.
    case msCHAPError = 2
    /// MS-CHAP-Domain.
    case msCHAPDomain = 10
    /// MS-CHAP-Challenge.
    case msCHAPChallenge = 11
    /// MS-CHAP-MPPE-Keys.
    case msCHAPMPPEKeys = 12
    /// MS-MPPE-Send-Key.
    case mppeSendKey = 16
    /// MS-MPPE-Recv-Key.
    case mppeRecvKey = 17
    /// MS-CHAP2-Response.
    case msCHAP2Response = 25
    /// MS-CHAP2-Success.
    case msCHAP2Success = 26

    /// Microsoft's number among vendors.
    public static let vendor: UInt32 = 311
}

extension PacketView {
    /// The first attribute of Microsoft's.
    public func first(_ type: MicrosoftAttribute) -> AttributeView? {
        first(vendor: MicrosoftAttribute.vendor, type: type.rawValue)
    }
}

extension PacketWriter {
    /// Appends an attribute of Microsoft's, of at most 247 octets.
    public mutating func append(_ type: MicrosoftAttribute, _ value: [UInt8]) {
        append(vendor: MicrosoftAttribute.vendor, type: type.rawValue, value)
    }
}
