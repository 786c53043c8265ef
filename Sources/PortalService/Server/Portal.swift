import Foundation
import HTTPTypes
import Logging
import NIOCore
import OpenSSL
import Store
import Territory

/// The portal without its sockets: a request in, an answer out.
final class Portal: Sendable {
    let configuration: PortalConfiguration
    let texts: PortalTexts
    let sites: SiteDirectory
    let gateways: GatewayDirectory
    let backend: PortalBackend
    let finder: GatewayFinder
    let sealer: TokenSealer
    let forms: FormTokens
    let limits = PortalLimits()
    let heartbeats = Heartbeats()
    let equipment: PortalEquipment
    let clock: PortalClock
    let logger: Logger

    init(
        configuration: PortalConfiguration, texts: PortalTexts, backend: PortalBackend, equipment: PortalEquipment,
        clock: PortalClock = .system, logger: Logger
    ) {
        (self.configuration, self.texts, self.backend) = (configuration, texts, backend)
        (self.equipment, self.clock, self.logger) = (equipment, clock, logger)
        finder = GatewayFinder(knownHosts: configuration.gatewayHosts)
        sealer = TokenSealer(keys: backend.keys)
        forms = FormTokens(keys: backend.keys)
        let loader = SiteLoader(
            backend: backend, texts: texts, equipment: equipment, conformity: configuration.conformity)
        sites = SiteDirectory(load: loader.load)
        gateways = GatewayDirectory(load: loader.gateways)
    }

    /// A page below a site.
    enum Page: String {
        case home = ""
        case login, status, disconnect, wait, done, terms, privacy, accessibility, capport, fas, uam
    }

    /// The first page of a site at hand, for a request without parameters: what most devices ask for, served without
    /// waiting for anything. Nil: the long way.
    func quickPage(_ request: PortalRequest) -> PortalReply? {
        guard request.method == .get, request.target.first == "/", !request.target.utf8.contains(where: Self.ends)
        else {
            return nil
        }
        guard case .site(let entry) = sites.cached(String(request.target.dropFirst())) else { return nil }
        return home(Visitor(request, entry: entry, fields: Fields()), context: nil)
    }

    /// Answers a request; what goes wrong becomes a page (or JSON where a program asks).
    func respond(_ request: PortalRequest) async -> PortalReply {
        let segments = request.path.split(separator: "/", omittingEmptySubsequences: true)
        do {
            return try await route(request, segments: segments)
        } catch {
            return await problem(error, request, slug: segments.first.map(String.init))
        }
    }

    private func route(_ request: PortalRequest, segments: [Substring]) async throws(PortalError) -> PortalReply {
        guard request.method != .other else { throw PortalError(.methodNotAllowed, "only GET, HEAD and POST") }
        var query = Fields()
        if let text = request.query { query = try Fields(parsing: text) }
        guard let first = segments.first.map(String.init), segments.count <= 2 else {
            throw PortalError(.notFound, "no such page")
        }
        let page: Page
        let entry: SiteEntry
        if segments.count == 1, first == "fas" || first == "uam" {
            // One path for every gateway, so that one configuration fits them all: the gateway says whose it is.
            if request.method == .post { return try await authmon(request, site: nil) }
            (entry, page) = (try await siteOfGateway(query, request), .home)
        } else {
            guard let named = Page(rawValue: segments.count == 2 ? String(segments[1]) : "") else {
                throw PortalError(.notFound, "no such page")
            }
            page = named
            entry = try await site(first, request)
        }
        return try await serve(page, request, entry: entry, query: query)
    }

    private func serve(
        _ page: Page, _ request: PortalRequest, entry: SiteEntry, query: Fields
    ) async throws(PortalError) -> PortalReply {
        let visitor = Visitor(request, entry: entry, fields: query)
        switch (page, request.method) {
        case (.home, .get), (.home, .head), (.fas, .get), (.fas, .head), (.uam, .get), (.uam, .head):
            return try await arrive(visitor)
        case (.fas, .post), (.home, .post), (.uam, .post): return try await authmon(request, site: entry)
        case (.login, .post): return try await login(try form(visitor))
        case (.login, .get), (.login, .head), (.disconnect, .get), (.disconnect, .head):
            // Somebody reloaded the page after a form: the first page is what they can use.
            return .seeOther("/\(entry.site.slug)?lang=\(visitor.language.rawValue)")
        case (.disconnect, .post): return try await disconnect(try form(visitor))
        case (.status, .get), (.status, .head): return try await status(visitor)
        case (.wait, .get), (.wait, .head): return try await wait(visitor)
        case (.done, .get), (.done, .head): return try await done(visitor)
        case (.terms, .get), (.terms, .head): return document(.terms, visitor)
        case (.privacy, .get), (.privacy, .head): return document(.privacy, visitor)
        case (.accessibility, .get), (.accessibility, .head): return document(.accessibility, visitor)
        case (.capport, .get), (.capport, .head): return try await capport(visitor)
        case (_, .post), (_, .other): throw PortalError(.methodNotAllowed, "no form goes there")
        }
    }

    /// The site of a slug. Names that are no site's cost a query, so an address has a budget of them.
    private func site(_ slug: String, _ request: PortalRequest) async throws(PortalError) -> SiteEntry {
        if sites.cached(slug) == nil { try spend(limits.strangers, request.address) }
        guard let entry = try await sites.find(slug) else { throw PortalError(.notFound, "no such site") }
        if sites.cached(slug) != nil { limits.strangers.giveBack(request.address, at: clock.instant()) }
        return entry
    }

    private func siteOfGateway(_ query: Fields, _ request: PortalRequest) async throws(PortalError) -> SiteEntry {
        try spend(limits.strangers, request.address)
        guard let slug = finder.slug(query, among: try await gateways.all()), let entry = try await sites.find(slug)
        else {
            throw PortalError(.gatewayRefused, "no gateway of ours sent this")
        }
        limits.strangers.giveBack(request.address, at: clock.instant())
        return entry
    }

    /// The visitor with the form's fields. Throws `.formExpired` for a form we did not make for this browser and site.
    private func form(_ visitor: Visitor) throws(PortalError) -> Visitor {
        var visitor = visitor
        visitor.fields = try Fields(octets: visitor.request.body)
        try spend(limits.formsByAddress, visitor.client(visitor.request.address))
        // A browser that says a form came from another site has said enough.
        if let origin = visitor.request.fetchSite, origin != "same-origin", origin != "none" {
            throw PortalError(.formExpired, "a form of another site")
        }
        let carried = visitor.fields.filled(FirstPage.contextField) ?? visitor.fields.filled("v") ?? ""
        let isOurs = forms.isValid(
            visitor.fields[FirstPage.tokenField] ?? "", site: visitor.site.id, session: visitor.cookie?.identifier,
            carried: carried, address: visitor.request.address, now: clock.seconds)
        guard isOurs else { throw PortalError(.formExpired, "the form's token is not valid") }
        return visitor
    }

    static func ends(_ octet: UInt8) -> Bool { octet == UInt8(ascii: "?") }

    /// Takes from a budget or throws `.rateLimited` with the time to wait.
    func spend<Key>(_ limiter: RateLimiter<Key>, _ key: Key) throws(PortalError) {
        guard let wait = limiter.take(key, at: clock.instant()) else { return }
        let seconds = Int(clamping: wait.components.seconds) + 1
        throw PortalError(.rateLimited, "over budget", retryAfterSeconds: seconds)
    }
}
