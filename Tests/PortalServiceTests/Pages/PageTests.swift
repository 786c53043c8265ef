import Foundation
import HTTPTypes
import Postgres
import Territory
import Testing

@testable import PortalService

@Suite struct PageTests {
    /// Fourteen kilobytes: what a server may send before it has heard anything back (RFC 6928, ten segments).
    private static let firstFlight = 14_336

    @Test func `every page is well built, in both languages, and the first fits a first flight with its headers`()
        async throws
    {
        try await PortalWorld.with { world in
            for slug in ["mairie", "accueil"] {
                for language in ["fr", "en"] {
                    let phone = Phone(world)
                    let path =
                        slug == "mairie"
                        ? "/mairie/fas?\(OpenNDSGateway.plain())&lang=\(language)" : "/\(slug)?lang=\(language)"
                    let first = await phone.get(path)
                    try Self.check(first, language, "\(slug)-first-\(language)")
                    let headers = first.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
                    #expect(
                        first.body.utf8.count + headers + 40 < Self.firstFlight, "\(first.body.utf8.count + headers)")
                    for page in ["terms", "privacy", "accessibility", "status"] {
                        try Self.check(
                            await phone.get("/\(slug)/\(page)?lang=\(language)"), language,
                            "\(slug)-\(page)-\(language)")
                    }
                    try Self.check(
                        await phone.get("/\(slug)/nowhere?lang=\(language)"), language, "\(slug)-missing-\(language)")
                    let wrong = await phone.login(
                        slug, page: await phone.get("/accueil?lang=\(language)"), method: "voucher", code: "x")
                    if slug == "accueil" { try Self.check(wrong, language, "\(slug)-wrong-\(language)") }
                }
            }
        }
    }

    @Test func `the pages after a login are well built`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world, isSecure: true)
            let first = await phone.get("/fas?\(try OpenNDSGateway.encrypted())")
            let wait = try #require(await phone.login("mairie", page: first).location).dropFirst(
                "https://portail.test:8080".count)
            try Self.check(await phone.get(String(wait)), "fr", "waiting-fr")
            world.clock.advance(61)
            let late = await phone.get(String(wait))
            #expect(late.status == 504)
            try Self.check(late, "fr", "late-fr")
            let token = try OpenNDSGateway.sha256(OpenNDSGateway.hid + PortalWorld.faskey)
            let gateway = Phone(world, address: "10.90.0.2", isSecure: true)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(token)"))
            let done = await phone.get(try #require(await phone.get(String(wait)).location))
            try Self.check(done, "fr", "done-fr")
            #expect(done.body.contains("4 h") || done.body.contains("3 h"))
            let status = await phone.get("/mairie/status")
            try Self.check(status, "fr", "status-connected-fr")
            #expect(status.body.contains("Me déconnecter"))
        }
    }

    @Test func `the commune's name stands first, and the accessibility mention in the footer leads to the declaration`()
        async throws
    {
        try await PortalWorld.with { world in
            let page = await Phone(world).get("/mairie")
            let body = try #require(page.body.range(of: "<header>"))
            #expect(page.body[body.lowerBound...].contains("Vézelise"))
            #expect(page.link("Accessibilité\u{A0}: non conforme") == "/mairie/accessibility?lang=fr")
            let declaration = await Phone(world).get("/mairie/accessibility?lang=fr")
            #expect(declaration.status == 200 && declaration.body.contains("Défenseur des droits"))
            let privacy = await Phone(world).get("/mairie/privacy")
            #expect(privacy.body.contains("CPCE L.34-1 II bis 3°, R.10-13 IV") && privacy.body.contains("90 jours"))
        }
    }

    @Test func `a name full of markup is text`() async throws {
        try await PortalWorld.with { world in
            _ = try await world.owner.write(
                "UPDATE territory.site SET name = \("<img src=x onerror=alert(1)>\"'&") WHERE slug = 'mairie'",
                repeatable: true)
            let page = await Phone(world).get("/mairie")
            #expect(
                !page.body.contains("<img") && page.body.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"))
        }
    }

    @Test func `text reads on its background in both schemes`() throws {
        for accent in ["#16467a", "#7a3e00", "#1b4f8a", "#ffff00", "#ffffff", "#000000"] {
            let theme = Theme(try Self.theme(accent: accent))
            #expect(Theme.contrast(theme.accent, theme.background) >= 4.5, "\(accent)")
            #expect(Theme.contrast(theme.accentText, theme.accent) >= 4.5, "\(accent)")
            let dark = try #require(UInt32(theme.darkAccentText(on: 0x14161a).dropFirst(), radix: 16))
            #expect(Theme.contrast(dark, 0x14161a) >= 7, "\(accent)")
        }
        for (text, background) in [
            (0x454b57, 0xffffff), (0xa10f0f, 0xfdf1f0), (0xc5cad4, 0x14161a), (0xffb4ab, 0x3a1a18),
        ] as [(UInt32, UInt32)] {
            #expect(Theme.contrast(text, background) >= 7)
        }
    }

    @Test func `the heading stands clear of the header band`() throws {
        let rules = Stylesheet.plain.text.split(separator: "\n")
        // A class counts for more than an element: a rule for `main` alone would lose to the padding of `.w`.
        let rule = try #require(rules.first { $0.hasPrefix("main.w{") }).split(whereSeparator: { "{};".contains($0) })
        let padding = try #require(rule.first { $0.hasPrefix("padding-top:") })
        let rem = try #require(Double(padding.dropFirst("padding-top:".count).dropLast("rem".count)))
        #expect(rem >= 1)
    }

    private static func theme(accent: String) throws -> PortalTheme {
        let json = """
            {"background":"#ffffff","text":"#1e1e1e","accent":"\(accent)","accent_text":"#ffffff","languages":["fr"],
            "plain_language":false,"welcome":{"fr":"x"},"terms_version":"1"}
            """
        return try JSONDecoder().decode(PortalTheme.self, from: Data(json.utf8))
    }

    /// Checks a page; with SOCLE_PAGES set, keeps it there for eyes.
    private static func check(_ page: Phone.Page, _ language: String, _ name: String) throws {
        #expect(page.headers[.contentType] == "text/html; charset=utf-8", "\(name)")
        #expect(Markup(page.body).all("html").first?.attributes["lang"] == language, "\(name)")
        #expect(Markup(page.body).accessibilityFaults == [], "\(name)")
        #expect(!page.body.contains("{") || Markup(page.body).all("style").first?.text.contains("{") == true)
        if let folder = ProcessInfo.processInfo.environment["SOCLE_PAGES"] {
            try page.body.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
        }
    }
}
