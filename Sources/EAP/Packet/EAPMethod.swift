/// A type of EAP: a vendor and a number (RFC 3748 §5). One-octet types, and Expanded ones of vendor 0, are the IETF's.
public struct EAPMethod: Hashable, Sendable {
    /// The SMI enterprise number, 24 bits; 0 for the IETF.
    public let vendor: UInt32
    /// The type within the vendor's.
    public let number: UInt32

    /// A type of a vendor.
    public init(vendor: UInt32, number: UInt32) { (self.vendor, self.number) = (vendor, number) }

    /// A type of the IETF's.
    public init(_ number: UInt8) { (vendor, self.number) = (0, UInt32(number)) }

    /// Identity (RFC 3748 §5.1).
    public static let identity = EAPMethod(1)
    /// Notification (RFC 3748 §5.2).
    public static let notification = EAPMethod(2)
    /// Nak (RFC 3748 §5.3).
    public static let nak = EAPMethod(3)
    /// Generic Token Card (RFC 3748 §5.6).
    public static let genericTokenCard = EAPMethod(6)
    /// EAP-TLS (RFC 5216).
    public static let tls = EAPMethod(13)
    /// EAP-TTLS (RFC 5281).
    public static let ttls = EAPMethod(21)
    /// PEAP (draft-kamath-pppext-peapv0).
    public static let peap = EAPMethod(25)
    /// EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2).
    public static let mschapv2 = EAPMethod(26)
    /// The Extensions method inside PEAPv0 (draft-kamath-pppext-peapv0 §2.2).
    public static let extensions = EAPMethod(33)

    /// The octet that announces eight octets of Expanded type (RFC 3748 §5.7).
    static let expandedOctet: UInt8 = 254

    /// The type as one octet, when it has that form: 254 announces the other form, 255 is for experiments (RFC 3748 §6.2).
    public var octet: UInt8? {
        guard vendor == 0, number != UInt32(Self.expandedOctet) else { return nil }
        return UInt8(exactly: number)
    }
}
