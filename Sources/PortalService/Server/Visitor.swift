import OpenSSL
import Store
import Territory

/// A request to a site, with what its browser brought along.
struct Visitor: Sendable {
    let request: PortalRequest
    let entry: SiteEntry
    var fields: Fields
    /// The session cookie; nil from a browser that has none, or keeps none.
    let cookie: SessionCookie?

    init(_ request: PortalRequest, entry: SiteEntry, fields: Fields) {
        (self.request, self.entry, self.fields) = (request, entry, fields)
        cookie = request.cookie(PortalRequest.cookieName).flatMap { SessionCookie($0) }
    }

    var site: PortalSite { entry.site }

    /// The language asked for in the address or form, else the one chosen before, else the browser's.
    var language: Language {
        Language.choose(
            explicit: fields["lang"] ?? cookie?.language?.rawValue, acceptLanguage: request.acceptLanguage,
            offered: site.languages)
    }

    /// The cookie to be bound to, and whether the browser has yet to be given it.
    var session: (cookie: SessionCookie, isNew: Bool) {
        let chosen = fields["lang"].flatMap { Language(rawValue: $0) } ?? cookie?.language
        if let cookie {
            return (SessionCookie(identifier: cookie.identifier, language: chosen), chosen != cookie.language)
        }
        return (SessionCookie(identifier: Hex.encode(SecureRandom.bytes(16)), language: chosen), true)
    }

    /// The budget of `name` at this site.
    func client(_ name: String) -> PortalLimits.Client { PortalLimits.Client(site: site.id, name: name) }
}
