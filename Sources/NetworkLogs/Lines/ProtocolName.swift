/// The names logs give to IP protocols, and their IANA numbers.
enum ProtocolName {
    /// The number for the name between two places, in any case; a number stands for itself. Nil for an unknown name.
    @inline(__always) static func number(_ cursor: Cursor, from start: Int, to end: Int) -> UInt8? {
        if Cursor.isDigit(cursor.octet(at: start)) {
            var digits = cursor.slice(start, end)
            guard let value = digits.decimal(upTo: 255), digits.isAtEnd else { return nil }
            return UInt8(truncatingIfNeeded: value)
        }
        return switch FieldName(lowercased: cursor, from: start, to: end) {
        case "tcp": 6
        case "udp": 17
        case "icmp": 1
        case "icmpv6", "icmp6", "icmp-v6", "ipv6-icmp": 58
        case "gre": 47
        case "esp", "ipsec-esp": 50
        case "ah", "ipsec-ah": 51
        case "igmp": 2
        case "sctp": 132
        case "dccp": 33
        case "udplite", "udp-lite": 136
        case "ipip", "ipencap": 4
        case "ospf": 89
        case "ipv6": 41
        case "vrrp": 112
        case "l2tp": 115
        case "pim": 103
        default: nil
        }
    }
}
