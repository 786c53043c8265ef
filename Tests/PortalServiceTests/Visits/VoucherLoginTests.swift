import Foundation
import HTTPTypes
import Postgres
import Store
import Territory
import Testing

@testable import PortalService

@Suite struct VoucherLoginTests {
    private func arrive(_ phone: Phone, mac: String = PortalWorld.phone) async -> Phone.Page {
        await phone.get(
            "/accueil/fas?\(OpenNDSGateway.plain(OpenNDSGateway.list(mac: mac, name: "accueil-gw", authdir: nil)))")
    }

    private func say(_ page: Phone.Page, _ text: String) -> Bool { page.body.contains(text) }

    @Test func `a code typed with spaces, dashes and small letters lets in, and is in no address`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let code = try await world.voucher(world.accueil)
            let typed = " \(code.display.lowercased()) "
            let back = await phone.login("accueil", page: await arrive(phone), method: "voucher", code: typed)
            #expect(back.status == 303)
            let location = try #require(back.location)
            #expect(!location.contains(code.canonical) && !location.lowercased().contains(code.canonical.lowercased()))
            #expect(try await world.text("SELECT method FROM access.login_grant") == "voucher")
            #expect(
                try await world.text("SELECT terms_version FROM identity.terms_acceptance")?.hasPrefix("2026-01+")
                    == true)
            #expect(
                try await world.count(
                    "SELECT count(*) FROM identity.terms_acceptance WHERE expires_at > accepted_at + interval '365 days'"
                ) == 1)
        }
    }

    @Test func `each reason has its own words, and the field points to them`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            func attempt(_ code: String) async -> Phone.Page {
                await phone.login("accueil", page: await arrive(phone), method: "voucher", code: code)
            }
            let expired = try await world.voucher(world.accueil, from: -100, until: -1)
            let early = try await world.voucher(world.accueil, from: 100, until: 200)
            let foreign = try await world.voucher(world.mairie)
            let wrong = VoucherCode.random().display
            for (code, text) in [
                ("", "Saisissez le code"), ("ABC", "n’a pas la bonne forme"), ("OOOOO-00000", "n’a pas la bonne forme"),
                (expired.display, "n’est plus valable"), (early.display, "pas encore valable"),
                (foreign.display, "n’existe pas"), (wrong, "n’existe pas"),
            ] {
                let page = await attempt(code)
                #expect(page.status == 422 && say(page, text), "\(text)")
                #expect(Markup(page.body).accessibilityFaults == [])
                let field = Markup(page.body).all("input").first { $0.attributes["name"] == "code" }
                #expect(field?.attributes["aria-invalid"] == "true" && field?.attributes["value"] == nil)
                #expect(
                    Markup(page.body).all("div").contains {
                        $0.attributes["role"] == "alert" && $0.attributes.keys.contains("autofocus")
                    })
            }
            #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 0)
        }
    }

    @Test func `a voucher for one device serves it again and no other`() async throws {
        try await PortalWorld.with { world in
            let code = try await world.voucher(world.accueil).display
            let (mine, other) = (Phone(world), Phone(world, address: "10.66.0.102"))
            #expect(await mine.login("accueil", page: await arrive(mine), method: "voucher", code: code).status == 303)
            let refused = await other.login(
                "accueil", page: await arrive(other, mac: "02:00:5e:00:53:02"), method: "voucher", code: code)
            #expect(refused.status == 422 && say(refused, "sert déjà sur un autre appareil"))
            #expect(await mine.login("accueil", page: await arrive(mine), method: "voucher", code: code).status == 303)
            #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 1)
        }
    }

    @Test func `five wrong codes are answered, the sixth is told when to come back, and a right one then still works`()
        async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            for _ in 0..<5 {
                let page = await phone.login(
                    "accueil", page: await arrive(phone), method: "voucher", code: VoucherCode.random().display)
                #expect(page.status == 422)
            }
            world.clock.advance(20)
            let blocked = await phone.login(
                "accueil", page: await arrive(phone), method: "voucher", code: VoucherCode.random().display)
            #expect(blocked.status == 429 && say(blocked, "Trop d’essais"))
            let wait = try #require(blocked.headers[.retryAfter].flatMap { Int($0) })
            #expect((30...61).contains(wait))
            world.clock.advance(wait)
            let code = try await world.voucher(world.accueil).display
            #expect(
                await phone.login("accueil", page: await arrive(phone), method: "voucher", code: code).status == 303)
        }
    }

    @Test
    func
        `another device behind the same address is not held to the first one's mistakes when its gateway vouches for it`()
        async throws
    {
        try await PortalWorld.with { world in
            let key = "another-key"
            func arrive(_ phone: Phone, _ mac: String) async throws -> Phone.Page {
                await phone.get(
                    "/accueil/fas?\(try OpenNDSGateway.encrypted(OpenNDSGateway.list(mac: mac, name: "accueil-gw"), key: key))"
                )
            }
            let (one, two) = (Phone(world, address: "198.51.100.9"), Phone(world, address: "198.51.100.9"))
            for _ in 0..<5 {
                _ = await one.login(
                    "accueil", page: try await arrive(one, PortalWorld.phone), method: "voucher",
                    code: VoucherCode.random().display)
            }
            world.clock.advance(5)
            let blocked = await one.login(
                "accueil", page: try await arrive(one, PortalWorld.phone), method: "voucher",
                code: VoucherCode.random().display)
            #expect(blocked.status == 429)
            let code = try await world.voucher(world.accueil).display
            #expect(
                await two.login(
                    "accueil", page: try await arrive(two, "02:00:5e:00:53:02"), method: "voucher", code: code
                ).status == 303)
        }
    }

    @Test func `without a gateway nobody learns whether a code is right`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let code = try await world.voucher(world.accueil).display
            for typed in [code, VoucherCode.random().display] {
                let page = await phone.login(
                    "accueil", page: await phone.get("/accueil"), method: "voucher", code: typed)
                #expect(page.status == 409 && say(page, "n’est pas passé par le Wi-Fi"))
            }
            #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 0)
        }
    }

    @Test func `a site that offers no vouchers takes none`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let site = try await world.site("clic", profile: "opennds", key: "k", package: "salle-des-fetes")
            let methods = try await world.text(
                "SELECT document->'login'->>'methods' FROM territory.package_release WHERE id = \(site.site.packageReleaseID.rawValue)"
            )
            let offered = methods?.contains("voucher") == true
            let first = await phone.get(
                "/clic/fas?\(OpenNDSGateway.plain(OpenNDSGateway.list(name: "clic-gw", authdir: nil)))")
            let page = await phone.login(
                "clic", page: first, method: offered ? "account" : "voucher", code: "ABCDE23456")
            #expect(page.status == 400)
        }
    }

    @Test func `outside opening hours the page says when the place opens again`() async throws {
        try await PortalWorld.with { world in
            let hours = try await world.text(
                "SELECT document->'rights'->>'opening_hours' FROM territory.package_release r JOIN territory.site s ON s.package_release_id = r.id WHERE s.slug = 'mairie'"
            )
            try #require(hours != nil)
            world.clock.advance(16 * 3_600)
            let phone = Phone(world)
            let page = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            #expect(page.status == 403 && say(page, "est fermé en ce moment") && say(page, "Il rouvre"))
            #expect(try await world.count("SELECT count(*) FROM access.portal_handoff") == 0)
        }
    }

    @Test func `a closed site says so`() async throws {
        try await PortalWorld.with { world in
            _ = try await Sites(world.owner, keys: world.keys).close(world.mairie.site.id)
            let phone = Phone(world)
            let page = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            #expect(page.status == 403 && say(page, "Wi-Fi de ce lieu est fermé"))
        }
    }

    @Test func `logging in again the same day keeps the grant, and with it the quota`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            for _ in 0..<3 {
                #expect(
                    await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())")).status
                        == 303)
                world.clock.advance(600)
            }
            #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 1)
            let grant = try await world.count("SELECT id FROM access.login_grant")
            _ = try await world.owner.write(
                """
                INSERT INTO access.usage SELECT organisation_id, 'login_grant', \(Int64(grant)), '2026-06-01', 0, 0, 9000000000
                FROM access.login_grant
                """, repeatable: false)
            let page = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            #expect(page.status == 403 && say(page, "tout le volume de la journée"))
        }
    }
}
