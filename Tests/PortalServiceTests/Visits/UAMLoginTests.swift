import Foundation
import HTTPTypes
import Postgres
import Store
import Territory
import Testing

@testable import PortalService

@Suite struct UAMLoginTests {
    static let challenge = "00112233445566778899aabbccddeeff"

    /// The address CoovaChilli sends a device to, signed with md5 of openssl(1).
    static func target(
        _ path: String, nas: String = "uam-gw", uamip: String = "10.68.0.1", res: String = "notyet", extra: String = "",
        secret: String = PortalWorld.uamSecret, mac: String = "02-00-5E-00-53-01",
        userurl: String = "http%3a%2f%2fneverssl.test%2f"
    ) throws -> String {
        let plain = """
            \(path)?res=\(res)&uamip=\(uamip)&uamport=3990&challenge=\(challenge)&called=02-00-5E-00-53-00\
            &mac=\(mac)&ip=10.68.0.2&nasid=\(nas)&sessionid=6a0&userurl=\(userurl)\(extra)
            """
        let digest = try Program.run(
            "/usr/bin/openssl", ["dgst", "-md5", "-r"], input: Array("http://portail.test:8080\(plain)\(secret)".utf8))
        return "\(plain)&md=\(String(decoding: digest.prefix(32), as: UTF8.self).uppercased())"
    }

    @Test(arguments: ["/uam", "/uam-site", "/uam-site/uam"])
    func `a visitor is sent back to log on with the CHAP response, and the page after shows what is left`(path: String)
        async throws
    {
        try await PortalWorld.with { world in
            _ = try await world.site("uam-site", profile: "coovachilli", key: PortalWorld.uamSecret)
            _ = try await world.owner.write(
                "UPDATE territory.nas SET identifier = 'uam-gw' WHERE name = 'uam-site-gw'", repeatable: true)
            let phone = Phone(world)
            let first = await phone.get(try Self.target(path))
            #expect(first.status == 200)
            #expect(
                first.headers[.contentSecurityPolicy]?.contains("form-action 'self' http://10.68.0.1:3990;") == true)
            let back = await phone.login("uam-site", page: first)
            let login = try #require(try await world.text("SELECT login FROM access.login_grant"))
            let password = world.keys.grants.password(for: login)
            let octets = (0..<16).map { UInt8($0 * 17) }
            let salted = try Program.run(
                "/usr/bin/openssl", ["dgst", "-md5", "-binary"], input: octets + Array(PortalWorld.uamSecret.utf8))
            let response = try Program.run(
                "/usr/bin/openssl", ["dgst", "-md5", "-r"], input: [0] + Array(password.utf8) + salted)
            #expect(
                back.location
                    == "http://10.68.0.1:3990/logon?username=\(login)&response=\(String(decoding: response.prefix(32), as: UTF8.self))"
            )

            let done = await phone.get(try Self.target(path, res: "success", extra: "&uid=\(login)&timeleft=900"))
            #expect(done.body.contains("Vous êtes connecté") && done.body.contains("Temps restant"))
            let cookieless = Phone(world, keepsCookies: false)
            let also = await cookieless.get(try Self.target(path, res: "success", extra: "&uid=\(login)"))
            #expect(also.body.contains("Temps restant"))
        }
    }

    @Test func `PAP where the operator chose it`() async throws {
        let configuration = PortalConfiguration(textsDirectory: PortalWorld.textsDirectory, uamMethod: .pap)
        try await PortalWorld.with(configuration: configuration) { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let phone = Phone(world)
            let back = await phone.login("uam", page: await phone.get(try Self.target("/uam/uam", nas: "uam-gw")))
            let hex = try #require(back.location?.split(separator: "=").last)
            #expect(
                back.location?.contains("&password=") == true && hex.utf8.count == 2 * GrantCredential.passwordLength)
        }
    }

    @Test(arguments: [
        ("daily-volume-used", "tout le volume de la journée", "all of today’s volume"),
        ("daily-volume-used%20Le%20volume%20est%20%c3%a9puis%c3%a9.", "Revenez demain", "Come back tomorrow"),
        ("too-many-devicesTrop%20d%27appareils", "Trop d’appareils sont déjà", "Too many devices are"),
        ("expired%0aCet%20acc%c3%a8s", "Demandez un nouveau code", "Ask for a new code"),
        ("device-unknown", "L’accès a été refusé. Adressez-vous", "Access was refused. Please ask"),
    ])
    func `a refused login comes back to the form with the reason in the visitor's language`(
        reply: String, french: String, english: String
    ) async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let target = try Self.target("/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=\(reply)")
            for (language, sentence) in [("fr", french), ("en", english)] {
                let page = await Phone(world).get(target, language: language)
                #expect(page.status == 200 && page.body.contains(sentence), "\(language) \(page.body)")
                #expect(!page.body.contains(reply.prefix { $0 != "%" }), "\(language)")
                #expect(page.hidden("x")?.isEmpty == false)
                #expect(Markup(page.body).accessibilityFaults == [])
            }
        }
    }

    @Test(arguments: [
        "Trop%20d%27appareils.%3Cb%3E", "%3Cscript%3Ealert(1)%3C/script%3E", "Expired", "expired-soon", "-",
        "%20expired", "%c3%a9", String(repeating: "a", count: 2_000),
    ])
    func `a reason that is not ours is never shown: the page says that access was refused`(reply: String) async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let target = try Self.target("/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=\(reply)")
            let (page, plain) = (
                await Phone(world).get(target),
                await Phone(world).get(try Self.target("/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=x"))
            )
            #expect(page.status == 200 && page.body.contains("L’accès a été refusé. Adressez-vous à l’accueil."))
            // Nothing of the reply is in the visible page: it is the one another unknown reply gets.
            #expect(Self.problem(page) == Self.problem(plain))
            #expect(!page.body.contains("appareils.") && !page.body.contains("alert(1)"))
        }
    }

    @Test func `a refusal without a reason says to try again`() async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let page = await Phone(world).get(try Self.target("/uam/uam", nas: "uam-gw", res: "failed"))
            #expect(page.status == 200 && page.body.contains("a refusé la connexion. Réessayez."))
        }
    }

    /// The page's summary of what went wrong.
    private static func problem(_ page: Phone.Page) -> String? {
        guard let start = page.body.range(of: "id=\"problem\""),
            let end = page.body.range(of: "</div>", range: start.upperBound..<page.body.endIndex)
        else { return nil }
        return String(page.body[start.upperBound..<end.lowerBound])
    }

    @Test func `a parameter that was altered, a missing signature and another secret are refused with a clear page`()
        async throws
    {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let good = try Self.target("/uam/uam", nas: "uam-gw")
            for bad in [
                good.replacingOccurrences(of: "10.68.0.1", with: "10.68.0.9"),
                String(good.prefix { $0 != "&" }) + "&uamip=10.68.0.1",
                try Self.target("/uam/uam", nas: "uam-gw", secret: "guessed"),
                good.replacingOccurrences(of: "&md=", with: "&mx="), good + "&y=1",
            ] {
                let page = await Phone(world).get(bad)
                #expect(page.status == 400, "\(page.status) \(bad) \(page.body.prefix(3000))")
                #expect(page.body.contains("ne viennent pas de l’équipement"), "\(bad)")
                #expect(page.hidden("t") == nil)
            }
        }
    }

    @Test func `without a secret only a gateway on the visitor's own network is believed`() async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: nil)
            #expect(await Phone(world).get(try Self.target("/uam/uam", nas: "uam-gw")).status == 200)
            for host in ["198.51.100.7", "evil.example", "127.0.0.1"] {
                #expect(
                    await Phone(world).get(try Self.target("/uam/uam", nas: "uam-gw", uamip: host)).status == 400,
                    "\(host)")
            }
        }
    }

    @Test(arguments: [
        "javascript%3aalert(1)", "%2f%2fevil.example", "http%3a%2f%2fa%40evil.example%2f", "data%3atext%2fhtml%2cx",
    ])
    func `what a visitor first asked for leads nowhere but the web, and never by itself`(userurl: String) async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let page = await Phone(world).get(
                try Self.target("/uam/uam", nas: "uam-gw", res: "success", userurl: userurl))
            #expect(
                page.status == 200 && page.location == nil && !page.body.contains("evil.example")
                    && !page.body.contains("javascript"))
        }
    }

    @Test func `a RouterOS hotspot gets a form with one button and the response in it`() async throws {
        try await PortalWorld.with { world in
            _ = try await world.site("tik", profile: "mikrotik", key: nil)
            let phone = Phone(world)
            let first = await phone.get(
                "/tik?link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&mac=02%3A00%3A5E%3A00%3A53%3A01&ip=10.5.50.9&chap-id=%5C001&chap-challenge=%5C002%5C003&identity=tik-gw"
            )
            let page = await phone.login("tik", page: first)
            let login = try #require(try await world.text("SELECT login FROM access.login_grant"))
            let expected = try Program.run(
                "/usr/bin/openssl", ["dgst", "-md5", "-r"],
                input: [1] + Array(world.keys.grants.password(for: login).utf8) + [2, 3])
            #expect(
                page.status == 200 && page.body.contains("<form method=\"post\" action=\"http://10.5.50.1/login\">"))
            #expect(
                page.hidden("username") == login
                    && page.hidden("password") == String(decoding: expected.prefix(32), as: UTF8.self))
            #expect(page.headers[.contentSecurityPolicy]?.contains("form-action 'self' http://10.5.50.1;") == true)
            #expect(page.hidden("dst")?.hasPrefix("http://portail.test:8080/tik/done?") == true)
            #expect(await Phone(world).get("/tik?link-login-only=http%3A%2F%2Fevil.example%2Flogin").status == 400)
            #expect(Markup(page.body).accessibilityFaults == [])
        }
    }

    @Test func `MAC authentication: the grant is the device's, and the access daemon is asked to let it in`()
        async throws
    {
        try await PortalWorld.with { world in
            _ = try await world.site("mac", profile: "hostapd", key: nil)
            let phone = Phone(world)
            let first = await phone.get("/mac?mac=02-00-5E-00-53-01&nasid=mac-gw&url=http%3A%2F%2Fexemple.fr%2F")
            let back = await phone.login("mac", page: first)
            let wait = String(try #require(back.location).dropFirst("http://portail.test:8080".count))
            #expect(try await world.text("SELECT device::text FROM access.login_grant") == PortalWorld.phone)
            #expect(
                try await world.text("SELECT command || ' ' || device::text FROM access.outbox")
                    == "reauthenticate \(PortalWorld.phone)")
            #expect(await phone.get(wait).body.contains("dans quelques secondes"))
            _ = try await world.owner.write(
                """
                INSERT INTO access.live_session (session_id, nas_id, session_key, version, organisation_id, site_id,
                    subject_kind, subject_id, user_name, acct_session_id, calling_station, started_at, last_event_at, received_at)
                SELECT gen_random_uuid(), n.id, decode(repeat('00', 16), 'hex'), 1, g.organisation_id, g.site_id, 'login_grant',
                    g.id, '02005e005301', 's', g.device::text, now(), now(), now()
                FROM access.login_grant g JOIN territory.nas n ON n.site_id = g.site_id
                """, repeatable: false)
            let done = await phone.get(try #require(await phone.get(wait).location))
            #expect(done.body.contains("Vous êtes connecté") && done.body.contains("Continuer vers exemple.fr"))

            let status = await phone.get("/mac/status")
            let off = await phone.post(
                "/mac/disconnect", [("t", status.hidden("t") ?? ""), ("v", status.hidden("v") ?? ""), ("lang", "fr")])
            #expect(off.status == 200 && off.body.contains("Vous êtes déconnecté"))
            #expect(
                try await world.count(
                    "SELECT count(*) FROM access.outbox WHERE command = 'disconnect' AND session_id IS NOT NULL") == 1)
            #expect(
                try await world.count(
                    "SELECT count(*) FROM access.login_grant WHERE expires_at > to_timestamp(\(world.clock.date.timeIntervalSince1970))"
                ) == 0)
        }
    }
}
