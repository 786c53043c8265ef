/// How an attribute's value is laid out (RFC 8044 §3); `rawValue` is the word in a dictionary file.
public enum ValueType: String, Sendable, CaseIterable {
    /// UTF-8 text.
    case string
    /// Octets, written `0x…`.
    case octets
    /// One octet, unsigned.
    case byte
    /// Two octets, unsigned.
    case short
    /// Four octets, unsigned; may have named values.
    case integer
    /// Eight octets, unsigned.
    case integer64
    /// Seconds since 1970 in four octets, written as a number or `2025-01-31T12:00:00Z`.
    case date
    /// An IPv4 address.
    case ipaddr
    /// An IPv6 address.
    case ipv6addr
    /// An IPv6 prefix (RFC 3162 §2.3).
    case ipv6prefix
    /// An interface id of eight octets, written in four groups (RFC 3162 §2.2).
    case ifid
    /// A Vendor-Specific attribute (RFC 2865 §5.26).
    case vsa

    /// Octets of every value of this type; nil when they vary.
    public var length: Int? {
        switch self {
        case .byte: 1
        case .short: 2
        case .integer, .date, .ipaddr: 4
        case .integer64, .ifid: 8
        case .ipv6addr: 16
        case .string, .octets, .ipv6prefix, .vsa: nil
        }
    }

    /// Whether values are unsigned numbers, which may have names.
    public var isNumber: Bool {
        switch self {
        case .byte, .short, .integer, .integer64: true
        case .string, .octets, .date, .ipaddr, .ipv6addr, .ipv6prefix, .ifid, .vsa: false
        }
    }
}
