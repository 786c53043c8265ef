import OpenSSL
import Store
import Territory

/// Seals what the portal gives a browser to hold: gateway parameters, and who a visit belongs to. Nobody else can read,
/// alter or make one, and one made for a site opens at no other.
struct TokenSealer: Sendable {
    /// What a token is for; part of what it is sealed with.
    enum Purpose: String, Sendable {
        /// The parameters a gateway sent, from the first page to the login.
        case gateway
        /// A login that was granted, from there on.
        case visit
    }

    /// Characters of the longest token we open.
    static let maximumCharacters = 12 * 1024
    /// How long gateway parameters may rest on an open page. A challenge of CoovaChilli lives ten minutes, but openNDS
    /// keeps a device's hash until it leaves, and people read slowly.
    static let lifetimes: [Purpose: Int64] = [.gateway: 3_600, .visit: 30 * 86_400]

    private let key: [UInt8]

    init(keys: InstallationKeys) { key = keys.subkey("portal-token") }

    /// The token of `fields` (none may hold U+001F), made at `now`, in seconds since 1970.
    func seal(_ fields: [String], purpose: Purpose, site: SiteID, now: Int64) -> String {
        let text = ([String(now)] + fields).joined(separator: "\u{1F}")
        let sealed = try? AESGCM.seal(Array(text.utf8), key: key, associatedData: associated(purpose, site))
        return sealed.map { Base64.encodeURL($0) } ?? ""
    }

    /// The fields of a token; nil when it was not made by us for this purpose and site, or is too old.
    func open(_ token: String, purpose: Purpose, site: SiteID, now: Int64) -> [String]? {
        guard token.utf8.count <= Self.maximumCharacters, let sealed = Base64.decode(token),
            let octets = try? AESGCM.open(sealed, key: key, associatedData: associated(purpose, site)),
            let text = String(validating: octets, as: UTF8.self)
        else { return nil }
        var fields = text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        guard let made = Int64(fields.removeFirst()), now >= made - 60, now - made <= Self.lifetimes[purpose] ?? 0
        else {
            return nil
        }
        return fields
    }

    private func associated(_ purpose: Purpose, _ site: SiteID) -> [UInt8] {
        Array("\(purpose.rawValue):\(site)".utf8)
    }
}
