import Territory

/// A request as the portal sees it, whatever server it came through.
struct PortalRequest: Sendable {
    /// Octets of the session cookie's value: 32 hexadecimal digits, a dot, a language.
    static let cookieName = "socle"
    static let visitCookieName = "socle-visit"

    let method: Method
    /// Path and query exactly as they came: gateways sign them.
    let target: String
    let host: String?
    let isSecure: Bool
    /// The peer, or what a trusted proxy says it is: canonical text.
    let address: String
    let cookies: String?
    let acceptLanguage: String?
    /// `Sec-Fetch-Site`, from browsers that send it.
    let fetchSite: String?
    var body: [UInt8] = []

    enum Method: Sendable {
        case get, head, post, other
    }

    /// The path without the query.
    var path: Substring { target.prefix { $0 != "?" } }

    /// What follows the `?`; nil without one.
    var query: Substring? {
        let path = path
        return path.endIndex < target.endIndex ? target[target.index(after: path.endIndex)...] : nil
    }

    /// `https://host` as the browser reached us; nil without a usable Host.
    var origin: String? {
        guard let host, WebAddress("http://\(host)/") != nil else { return nil }
        return "\(isSecure ? "https" : "http")://\(host)"
    }

    /// The value of a cookie; nil when the browser sent none of that name.
    func cookie(_ name: String) -> String? {
        guard let cookies, cookies.utf8.count <= 8_192 else { return nil }
        for item in cookies.split(separator: ";") {
            let pair = item.drop { $0 == " " }
            if pair.hasPrefix(name), pair.dropFirst(name.count).first == "=" {
                return String(pair.dropFirst(name.count + 1))
            }
        }
        return nil
    }
}

/// The session cookie: a random identifier that forms are bound to, and the language chosen. It ends with the browser.
struct SessionCookie: Sendable, Equatable {
    let identifier: String
    let language: Language?

    init(identifier: String, language: Language?) { (self.identifier, self.language) = (identifier, language) }

    /// Reads a cookie's value; nil for anything we did not make.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 32, parts[0].utf8.allSatisfy(Self.isDigit) else { return nil }
        identifier = String(parts[0])
        language = Language(rawValue: String(parts[1]))
    }

    /// The cookie's value.
    var text: String { "\(identifier).\(language?.rawValue ?? "")" }

    private static func isDigit(_ octet: UInt8) -> Bool { 0x30...0x39 ~= octet || 0x61...0x66 ~= octet }
}
