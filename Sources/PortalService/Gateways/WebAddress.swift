/// An absolute `http` or `https` address, taken apart strictly: what a visitor first asked for, or a gateway's page.
///
/// Anything a browser might read otherwise than we do (credentials, backslashes, white space, control characters) is no
/// address, so what is shown as a host is where a tap leads.
struct WebAddress: Sendable, Equatable {
    /// Octets of an address that is kept; browsers and gateways cut longer ones anyway.
    static let maximumOctets = 2048

    let isSecure: Bool
    let host: String
    let port: UInt16
    /// Path and query, `/` where the address has none.
    let target: String

    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumOctets,
            text.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let rest: Substring
        if text.lowercased().hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else if text.lowercased().hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let (host, port) = Self.split(authority, isSecure: isSecure) else { return nil }
        (self.host, self.port) = (host, port)
        let target = rest.dropFirst(authority.count)
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
    }

    /// The address again, in one spelling.
    var text: String { origin + target }

    /// `scheme://host:port`, a standard port left out.
    var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let standard: UInt16 = isSecure ? 443 : 80
        return "\(isSecure ? "https" : "http")://\(name)\(port == standard ? "" : ":\(port)")"
    }

    private static func split(_ authority: Substring, isSecure: Bool) -> (String, UInt16)? {
        let standard: UInt16 = isSecure ? 443 : 80
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<close])
            let tail = authority[authority.index(after: close)...]
            guard let port = Self.port(tail, standard: standard), GatewayHost.address(host)?.count == 16 else {
                return nil
            }
            return (host, port)
        }
        let host = authority.prefix { $0 != ":" }
        guard let port = Self.port(authority.dropFirst(host.count), standard: standard),
            GatewayHost.isPlausible(String(host))
        else { return nil }
        return (String(host), port)
    }

    private static func port(_ tail: Substring, standard: UInt16) -> UInt16? {
        if tail.isEmpty || tail == ":" { return standard }
        guard tail.first == ":", tail.utf8.count <= 6, let port = UInt16(tail.dropFirst()), port > 0 else { return nil }
        return port
    }
}
