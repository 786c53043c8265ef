import Glibc

/// The host of a gateway as a visitor's device reaches it: part of every address we send a browser to, so it is checked
/// before anything else.
enum GatewayHost {
    /// Octets of a host name (RFC 1035 §2.3.4).
    static let maximumNameOctets = 253

    /// Whether `host` is an address or a host name, with no character that could end an authority.
    static func isPlausible(_ host: String) -> Bool {
        if address(host) != nil { return true }
        guard (1...maximumNameOctets).contains(host.utf8.count), host.first != "-", host.first != "." else {
            return false
        }
        return host.utf8.allSatisfy { octet in
            switch octet {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e: true
            default: false
            }
        }
    }

    /// Whether a browser may be sent to `host` for a gateway of a site.
    ///
    /// A gateway's own web server is on the visitor's network, so a private, link-local or unique local address is
    /// believed; any other must be known (the address the gateway's packets come from, or a name the operator listed) or
    /// vouched for by the gateway's signature.
    static func isAllowed(_ host: String, signed: Bool, known: [String]) -> Bool {
        guard isPlausible(host) else { return false }
        if known.contains(where: { $0.caseInsensitiveCompare(host) }) { return true }
        guard let octets = address(host) else { return false }
        return isPrivate(octets) || (signed && isUnicast(octets))
    }

    /// `host:port`, brackets around an IPv6 address, no port for 80.
    static func authority(_ host: String, port: UInt16) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    /// The 4 or 16 octets of an address literal; nil for anything else.
    static func address(_ text: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        if inet_pton(AF_INET, text, &octets) == 1 { return Array(octets.prefix(4)) }
        return inet_pton(AF_INET6, text, &octets) == 1 ? octets : nil
    }

    /// RFC 1918, RFC 6598, RFC 3927 for IPv4; RFC 4193 and link-local for IPv6.
    static func isPrivate(_ octets: [UInt8]) -> Bool {
        guard octets.count >= 4 else { return false }
        if octets.count == 4 {
            switch (octets[0], octets[1]) {
            case (10, _), (172, 16...31), (192, 168), (100, 64...127), (169, 254): return true
            default: return false
            }
        }
        return octets[0] & 0xfe == 0xfc || (octets[0] == 0xfe && octets[1] & 0xc0 == 0x80)
    }

    private static func isUnicast(_ octets: [UInt8]) -> Bool {
        guard octets.count == 4 else { return octets[0] != 0xff && octets.dropLast().contains { $0 != 0 } }
        return (1...223).contains(octets[0]) && octets[0] != 127
    }
}

extension String {
    /// Whether two host names are the same (RFC 4343).
    fileprivate func caseInsensitiveCompare(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
