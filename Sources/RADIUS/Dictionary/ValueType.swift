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
    /// An IPv4 prefix (RFC 8044 §3.11).
    case ipv4prefix
    /// Octets that go on in further attributes of the same type (RFC 8044 §3.16).
    case concat
    /// Attributes inside an attribute (RFC 6929 §2.3, RFC 8044 §3.13), written `{NAME = value, …}`.
    case tlv
    /// A Vendor-Specific attribute (RFC 2865 §5.26).
    case vsa
    /// One of the spaces 241…244 (RFC 6929 §2.1).
    case extended
    /// One of the spaces 245 and 246 (RFC 6929 §2.2).
    case longExtended = "long-extended"
    /// Type 26 of such a space (RFC 6929 §2.4).
    case evs

    /// Octets of every value of this type; nil when they vary.
    public var length: Int? {
        switch self {
        case .byte: 1
        case .short: 2
        case .integer, .date, .ipaddr: 4
        case .ipv4prefix: 6
        case .integer64, .ifid: 8
        case .ipv6addr: 16
        case .string, .octets, .ipv6prefix, .concat, .tlv, .vsa, .extended, .longExtended, .evs: nil
        }
    }

    /// Whether values are unsigned numbers, which may have names: an enum (RFC 8044 §3.3) is an integer with named values.
    public var isNumber: Bool {
        switch self {
        case .byte, .short, .integer, .integer64: true
        default: false
        }
    }
}
