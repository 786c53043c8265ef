import Foundation
import HTTPTypes
import Postgres
import Territory
import Testing

@testable import PortalService

@Suite struct ForgeryTests {
    private func arrive(_ phone: Phone) async -> Phone.Page { await phone.get("/mairie/fas?\(OpenNDSGateway.plain())") }

    private func grants(_ world: PortalWorld) async throws -> Int {
        try await world.count("SELECT count(*) FROM access.login_grant")
    }

    @Test func `a form without token, with a stranger's, with another site's or an old one lets nobody in`()
        async throws
    {
        try await PortalWorld.with { world in
            let (phone, stranger) = (Phone(world), Phone(world, address: "10.66.0.250"))
            let page = await arrive(phone)
            let foreign = await stranger.get("/mairie/fas?\(OpenNDSGateway.plain())")
            let elsewhere = await phone.get(
                "/accueil/fas?\(OpenNDSGateway.plain(OpenNDSGateway.list(name: "accueil-gw", authdir: nil)))")
            let context = page.hidden("x") ?? ""
            for token in ["", "AAAA", foreign.hidden("t") ?? "", elsewhere.hidden("t") ?? ""] {
                let refused = await phone.post(
                    "/mairie/login", [("method", "click-through"), ("t", token), ("x", context)])
                #expect(refused.status == 403 && refused.body.contains("restée ouverte trop longtemps"))
                #expect(Markup(refused.body).accessibilityFaults == [])
            }
            world.clock.advance(3_601)
            #expect(await phone.login("mairie", page: page).status == 403)
            let made = try await grants(world)
            #expect(made == 0)
            let again = await arrive(phone)
            #expect(await phone.login("mairie", page: again).status == 303)
        }
    }

    @Test func `the page that says a form was old holds a fresh one that works`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let page = await arrive(phone)
            let stale = await phone.post(
                "/mairie/login", [("method", "click-through"), ("t", "AAAA"), ("x", page.hidden("x") ?? "")])
            #expect(await phone.login("mairie", page: stale).status == 303)
        }
    }

    @Test func `a mini-browser that keeps no cookie logs in from where it read the page, and from nowhere else`()
        async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world, keepsCookies: false)
            let page = await arrive(phone)
            let thief = Phone(world, address: "10.66.0.250", keepsCookies: false)
            #expect(await thief.login("mairie", page: page).status == 403)
            #expect(await phone.login("mairie", page: page).status == 303)
        }
    }

    @Test func `a browser that says the form came from another site is believed`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let page = await arrive(phone)
            let fields = [("method", "click-through"), ("t", page.hidden("t") ?? ""), ("x", page.hidden("x") ?? "")]
            for site in ["cross-site", "same-site"] {
                #expect(await phone.post("/mairie/login", fields, fetchSite: site).status == 403)
            }
            #expect(await phone.post("/mairie/login", fields, fetchSite: "same-origin").status == 303)
        }
    }

    @Test func `gateway parameters of one site or made up are worth nothing at another`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let (here, there) = (await arrive(phone), await phone.get("/accueil"))
            for context in [here.hidden("x") ?? "", "AAAA", String(repeating: "A", count: 12_000)] {
                let refused = await phone.post(
                    "/accueil/login", [("method", "click-through"), ("t", there.hidden("t") ?? ""), ("x", context)])
                #expect(refused.status == 403)
            }
            let made = try await grants(world)
            #expect(made == 0)
        }
    }

    @Test func `ten forms at once are answered and the eleventh waits`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let page = await phone.get("/mairie")
            for _ in 0..<10 { #expect(await phone.login("mairie", page: page).status == 409) }
            let limited = await phone.login("mairie", page: page)
            #expect(limited.status == 429 && limited.headers[.retryAfter] == "4")
            world.clock.advance(4)
            #expect(await phone.login("mairie", page: page).status == 409)
        }
    }

    @Test func `a body above 16 KiB, broken encoding and unknown verbs are refused`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let page = await arrive(phone)
            #expect(
                await phone.post(
                    "/mairie/login", [("t", page.hidden("t") ?? ""), ("x", String(repeating: "A", count: 17_000))]
                ).status == 413)
            var broken = phone.request(.post, "/mairie/login")
            broken.body = Array("t=%ff".utf8)
            #expect(await phone.send(broken).status == 400)
            #expect(await phone.send(phone.request(.other, "/mairie")).status == 405)
            #expect(await phone.post("/mairie/terms", []).status == 405)
            #expect(await phone.get("/mairie?a=%zz").status == 400)
            #expect(await phone.get("/mairie?" + String(repeating: "a", count: 12_289)).status == 413)
            #expect(await phone.get("/mairie/login").status == 303)
            #expect(await phone.get("/").status == 404)
            #expect(await phone.get("/../../etc/passwd").status == 404)
            #expect(await phone.get("/unknown-site").status == 404)
        }
    }

    @Test func `every answer forbids what a page here never needs, and its cookies end with the browser`() async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world, isSecure: true)
            for target in [
                "/mairie", "/mairie/fas?\(OpenNDSGateway.plain())", "/mairie/terms", "/nowhere", "/mairie/capport",
                "/mairie/status",
            ] {
                let page = await phone.get(target)
                #expect(page.headers[.cacheControl] == "no-store" && page.headers[.xContentTypeOptions] == "nosniff")
                #expect(
                    page.headers.contains { $0.name.canonicalName == "referrer-policy" && $0.value == "no-referrer" })
                if page.headers[.contentType]?.hasPrefix("text/html") == true {
                    let policy = try #require(page.headers[.contentSecurityPolicy])
                    #expect(
                        policy.hasPrefix("default-src 'none'; style-src 'sha256-")
                            && policy.contains("frame-ancestors 'none'"))
                    let style = try #require(Markup(page.body).all("style").first)
                    let start = try #require(page.body.range(of: "<style>")?.upperBound)
                    let end = try #require(page.body.range(of: "</style>")?.lowerBound)
                    let digest = try Program.run(
                        "/usr/bin/openssl", ["dgst", "-sha256", "-binary"], input: Array(page.body[start..<end].utf8))
                    #expect(policy.contains(Data(digest).base64EncodedString()) && !style.text.isEmpty)
                }
                for cookie in page.headers[values: .setCookie] {
                    #expect(
                        cookie.contains("; HttpOnly; SameSite=Lax; Secure") && !cookie.contains("Expires")
                            && !cookie.contains("Max-Age"))
                }
            }
        }
    }
}
