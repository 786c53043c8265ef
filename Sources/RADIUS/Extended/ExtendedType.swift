/// The number of an extended attribute (RFC 6929 §2): the space 241…246, the type in it, and in type 26 a vendor's.
public struct ExtendedType: Hashable, Sendable {
    /// The six spaces (RFC 6929 §3).
    public static let spaces: ClosedRange<UInt8> = 241...246
    /// The spaces whose values may go on in further attributes.
    public static let longSpaces: ClosedRange<UInt8> = 245...246
    /// The type that holds vendors' attributes (RFC 6929 §2.4).
    public static let vendorSpecific: UInt8 = 26

    /// Frag-Status (RFC 7499 §10.1).
    public static let fragStatus = ExtendedType(241, 1)
    /// Proxy-State-Length (RFC 7499 §10.2).
    public static let proxyStateLength = ExtendedType(241, 2)
    /// Response-Length (RFC 7930 §5.1).
    public static let responseLength = ExtendedType(241, 3)
    /// Original-Packet-Code (RFC 7930 §5.2).
    public static let originalPacketCode = ExtendedType(241, 4)
    /// IP-Port-Limit-Info (RFC 8045 §3.1.1).
    public static let ipPortLimitInfo = ExtendedType(241, 5)
    /// IP-Port-Range (RFC 8045 §3.1.2).
    public static let ipPortRange = ExtendedType(241, 6)
    /// IP-Port-Forwarding-Map (RFC 8045 §3.1.3).
    public static let ipPortForwardingMap = ExtendedType(241, 7)
    /// Operator-NAS-Identifier (RFC 8559 §4.1).
    public static let operatorNASIdentifier = ExtendedType(241, 8)

    /// The attribute's own type, 241…246.
    public let space: UInt8
    /// The type inside it; 26 for a vendor's.
    public let type: UInt8
    /// The vendor and its type; nil unless `type` is 26.
    public let vendor: Vendor?

    /// A vendor's number and its type.
    public struct Vendor: Hashable, Sendable {
        /// The SMI private enterprise number.
        public let number: UInt32
        /// The vendor's type.
        public let type: UInt8

        /// A vendor's type.
        public init(_ number: UInt32, _ type: UInt8) { (self.number, self.type) = (number, type) }
    }

    /// A standard type.
    public init(_ space: UInt8, _ type: UInt8) { (self.space, self.type, vendor) = (space, type, nil) }

    /// A vendor's type.
    public init(_ space: UInt8, vendor: Vendor) {
        (self.space, type, self.vendor) = (space, Self.vendorSpecific, vendor)
    }

    /// Whether values may go on in further attributes.
    public var isLong: Bool { Self.longSpaces.contains(space) }
}
