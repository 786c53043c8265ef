import OpenSSL
import Store
import Territory

/// Tokens that tie a form to the browser and the site it was made for (against cross-site request forgery).
///
/// A token holds two codes. One is bound to the session cookie: the usual double submit, with an HMAC. The other is for
/// the mini-browsers of phones that keep no cookie: it is bound to the sealed gateway parameters and to the address the
/// page was fetched from, neither of which another site can make a visitor's browser send with a token of its own. A
/// browser that does send a cookie is held to the first.
struct FormTokens: Sendable {
    /// How long a form may stay open.
    static let lifetimeSeconds: Int64 = 3_600
    /// Octets of each code: 96 bits, and only an hour to guess.
    static let codeOctets = 12

    private let key: [UInt8]

    init(keys: InstallationKeys) { key = keys.subkey("portal-form") }

    /// A token for a page of `site` made at `now` (seconds since 1970).
    ///
    /// - Parameters:
    ///   - session: the session cookie's value.
    ///   - carried: what the form sends along beside: the sealed gateway parameters or the visit, possibly empty.
    ///   - address: where the page was fetched from.
    func make(site: SiteID, session: String, carried: String, address: String, now: Int64) -> String {
        let time = Self.octets(now)
        return Base64.encodeURL(
            time + code("cookie", site, time, session) + code("carried", site, time, "\(carried)\n\(address)"))
    }

    /// Whether `token` was made for this form; `session` is nil when the browser sent no cookie.
    func isValid(
        _ token: String, site: SiteID, session: String?, carried: String, address: String, now: Int64
    ) -> Bool {
        guard token.utf8.count <= 64, let octets = Base64.decode(token), octets.count == 4 + 2 * Self.codeOctets else {
            return false
        }
        let time = Array(octets.prefix(4))
        let made = time.reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard now >= made - 60, now - made <= Self.lifetimeSeconds else { return false }
        let first = Array(octets.dropFirst(4).prefix(Self.codeOctets))
        let second = Array(octets.suffix(Self.codeOctets))
        if let session { return constantTimeEqual(first, code("cookie", site, time, session)) }
        return constantTimeEqual(second, code("carried", site, time, "\(carried)\n\(address)"))
    }

    private func code(_ kind: String, _ site: SiteID, _ time: [UInt8], _ bound: String) -> [UInt8] {
        let message = Array("\(kind):\(site):".utf8) + time + Array(bound.utf8)
        return Array(Digest.hmacSHA256(key: key, message).prefix(Self.codeOctets))
    }

    private static func octets(_ time: Int64) -> [UInt8] {
        let seconds = UInt32(truncatingIfNeeded: time)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: seconds >> $0) }
    }
}
