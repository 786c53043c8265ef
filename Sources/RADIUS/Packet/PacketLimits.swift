/// Sizes the protocol or this implementation fixes.
public enum PacketLimits {
    /// Octets of code, identifier, length and authenticator (RFC 2865 §3).
    public static let headerLength = 20
    /// Octets of the longest packet (RFC 2865 §3); also the size of a receive buffer that never truncates one.
    public static let maximumLength = 4096
    /// Octets of the longest attribute value (RFC 2865 §5).
    public static let maximumValueLength = 253
    /// Octets of the longest vendor attribute value (RFC 2865 §5.26: vendor, type and length take six more).
    public static let maximumVendorValueLength = 247
    /// Attributes in one packet. Real requests have ten to forty; 4096 octets would hold 2038 empty ones, each costing
    /// a visit of every reader. FreeRADIUS draws the same line.
    public static let maximumAttributes = 200
    /// Octets of the longest value that can be salted: it, its length and padding fill fifteen blocks, and with salt and
    /// tag one attribute (RFC 2868 §3.5, RFC 2548 §2.4.2).
    public static let maximumSaltedLength = 239
    /// Octets of the longest password that can be hidden (RFC 2865 §5.2).
    public static let maximumPasswordLength = 128
}
