import Foundation
import HTTPTypes
import Postgres
import Store
import Territory
import Testing

@testable import PortalService

/// A name and a password, which the portal hands to the gateway.
@Suite struct AccountLoginTests {
    /// Everything a keyboard prints, and what it prints with accents and elsewhere.
    private static let printable = String(String.UnicodeScalarView((0x20...0x7e).map { Unicode.Scalar(UInt8($0)) }))
    private static let passwords = [
        "fontaine", "a", " deux mots ", "0123456789abcdef", "0123456789abcdefg", printable, "clé à 5 € — 東京 🗝",
        "é", String(repeating: "é", count: 64),
    ]
    private static let hotspot =
        "link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&mac=02%3A00%3A5E%3A00%3A53%3A01&ip=10.5.50.9&identity=tik-gw"

    private func chilli(
        _ world: PortalWorld, key: String? = PortalWorld.uamSecret, profile: String = "coovachilli"
    ) async throws {
        _ = try await world.site("uam", profile: profile, key: key)
    }

    private func arrive(_ phone: Phone, mac: String = "02-00-5E-00-53-01") async throws -> Phone.Page {
        await phone.get(try UAMLoginTests.target("/uam/uam", nas: "uam-gw", mac: mac))
    }

    /// What CoovaChilli makes of the password in an address.
    private func revealed(_ location: String?) throws -> String {
        let hex = try #require(location?.components(separatedBy: "&password=").last)
        let challenge = (0..<16).map { UInt8($0 * 17) }
        let key = try Program.run(
            "/usr/bin/openssl", ["dgst", "-md5", "-binary"], input: challenge + Array(PortalWorld.uamSecret.utf8))
        let octets = stride(from: 0, to: hex.utf8.count, by: 2).map { offset -> UInt8 in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return (UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0) ^ key[offset / 2 % 16]
        }
        return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }

    private func unescaped(_ text: String?) -> String? {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) {
            $0?.replacingOccurrences(of: $1.0, with: $1.1)
        }
    }

    // MARK: Handed over

    @Test(arguments: passwords)
    func `CoovaChilli gets name and password, the password hidden under the salted challenge`(password: String)
        async throws
    {
        try await PortalWorld.with { world in
            try await chilli(world)
            let phone = Phone(world)
            let back = await phone.login(
                "uam", page: try await arrive(phone), user: "maire@trou.example", password: password)
            #expect(back.status == 303)
            let location = try #require(back.location)
            #expect(location.hasPrefix("http://10.68.0.1:3990/logon?username=maire%40trou.example&password="))
            #expect(try revealed(location) == password)
            #expect(password.utf8.count < 4 || !location.contains(password))
            #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 0)
            #expect(
                try await world.text("SELECT device::text FROM identity.terms_acceptance") == PortalWorld.phone)
        }
    }

    @Test(arguments: passwords)
    func `a RouterOS hotspot gets both in a form, posted by the visitor, though it offers CHAP`(password: String)
        async throws
    {
        try await PortalWorld.with { world in
            _ = try await world.site("tik", profile: "mikrotik", key: nil)
            let phone = Phone(world)
            let first = await phone.get("/tik?\(Self.hotspot)&chap-id=%5C001&chap-challenge=%5C002%5C003")
            let page = await phone.login("tik", page: first, user: "élu.<b>", password: password)
            #expect(
                page.status == 200 && page.body.contains("<form method=\"post\" action=\"http://10.5.50.1/login\">"))
            #expect(unescaped(page.hidden("username")) == "élu.<b>")
            #expect(unescaped(page.hidden("password")) == password)
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(Markup(page.body).accessibilityFaults == [])
            let onward = try #require(unescaped(page.hidden("dst"))?.dropFirst("http://portail.test:8080".count))
            let done = await phone.get(String(onward))
            #expect(done.status == 200 && done.body.contains("Cet appareil a accès à Internet"))
        }
    }

    @Test func `a login before this one is forgotten: what comes back is about the account`() async throws {
        try await PortalWorld.with { world in
            try await chilli(world)
            let phone = Phone(world)
            #expect(await phone.login("uam", page: try await arrive(phone)).status == 303)
            #expect(
                await phone.login("uam", page: try await arrive(phone), user: "agent", password: "fontaine").status
                    == 303)
            let target = try UAMLoginTests.target("/uam/uam", nas: "uam-gw", res: "success", extra: "&uid=agent")
            let done = await phone.get(target)
            #expect(done.body.contains("Cet appareil a accès à Internet") && !done.body.contains("Temps restant"))
            #expect(!done.body.contains("Voir le temps"), "whose connection it is is not known")
        }
    }

    // MARK: Refused

    @Test(arguments: [
        ("wrong-password", "L’identifiant ou le mot de passe n’est pas le bon", "The user name or the password"),
        ("unknown-userIdentifiant%20inconnu.", "L’identifiant ou le mot de passe n’est pas le bon", "The user name or"),
        ("closed-account%20Ce%20compte", "Ce compte est fermé", "This account is closed"),
        ("wrong-site", "Ce compte est valable pour un autre lieu", "This account is for another place"),
        ("too-many-devices", "Trop d’appareils sont déjà", "Too many devices are"),
        ("outside-opening-hours", "est fermé en ce moment", "is closed at the moment"),
    ])
    func `a refusal of the access daemon is explained in the visitor's language, a wrong name like a wrong password`(
        reply: String, french: String, english: String
    ) async throws {
        try await PortalWorld.with { world in
            try await chilli(world)
            let target = try UAMLoginTests.target("/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=\(reply)")
            for (language, sentence) in [("fr", french), ("en", english)] {
                let phone = Phone(world)
                let sent = await phone.login("uam", page: try await arrive(phone), user: "agent", password: "faux")
                #expect(sent.status == 303)
                let page = await phone.get(target, language: language)
                #expect(page.status == 200 && page.body.contains(sentence), "\(page.body)")
                #expect(Markup(page.body).accessibilityFaults == [])
                let user = Markup(page.body).all("input").first { $0.attributes["name"] == "user" }
                let isAboutFields = reply.hasPrefix("wrong-password") || reply.hasPrefix("unknown-user")
                #expect((user?.attributes["aria-invalid"] == "true") == isAboutFields)
                #expect(page.body.contains("href=\"#user\"") == isAboutFields)
            }
        }
    }

    @Test
    func
        `empty and impossible fields are told apart, each field points to its fault, and the password is not shown again`()
        async throws
    {
        try await PortalWorld.with { world in
            try await chilli(world)
            let (longest, key) = (String(repeating: "a", count: 253), "mot de passe")
            for (user, password, faults) in [
                ("", key, ["user": "Saisissez votre identifiant"]),
                ("  ", key, ["user": "Saisissez votre identifiant"]),
                ("agent", "", ["password": "Saisissez votre mot de passe"]),
                ("", "", ["user": "Saisissez votre identifiant", "password": "Saisissez votre mot de passe"]),
                (longest + "a", key, ["user": "trop long"]),
                (String(repeating: "é", count: 127), key, ["user": "trop long"]),
                ("agent", String(repeating: "x", count: 129), ["password": "trop long"]),
                ("ag\u{7}ent", key, ["user": "invisible"]), ("agent", "a\nb", ["password": "invisible"]),
                ("agent", "a\u{F8D0}b", ["password": "invisible"]),
            ] as [(String, String, [String: String])] {
                let phone = Phone(world)
                let page = await phone.login("uam", page: try await arrive(phone), user: user, password: password)
                #expect(page.status == 422, "\(user.count) \(password.count)")
                #expect(Markup(page.body).accessibilityFaults == [])
                let fields = Markup(page.body).all("input")
                for name in ["user", "password"] {
                    let field = fields.first { $0.attributes["name"] == name }
                    #expect((field?.attributes["aria-invalid"] == "true") == (faults[name] != nil), "\(name)")
                    #expect(page.body.contains("href=\"#\(name)\"") == (faults[name] != nil))
                    if let fault = faults[name] {
                        #expect(field?.attributes["aria-describedby"] == "\(name)-x" && page.body.contains(fault))
                    }
                }
                #expect(fields.first { $0.attributes["name"] == "password" }?.attributes["value"] == nil)
                #expect(password.isEmpty || !page.body.contains(password))
            }
            // Ten forms at once are a device's budget.
            world.clock.advance(60)
            let phone = Phone(world)
            let refill = await phone.login("uam", page: try await arrive(phone), user: "<agent>", password: "")
            #expect(refill.body.contains("name=\"user\" value=\"&lt;agent&gt;\""))
            let back = await phone.login(
                "uam", page: try await arrive(phone), user: " \(longest) ", password: String(repeating: "x", count: 128)
            )
            #expect(back.status == 303 && back.location?.contains("username=\(longest)&") == true)
            #expect(try revealed(back.location).utf8.count == 128)
        }
    }

    @Test func `a form's token is worth nothing elsewhere, to others, or after an hour`() async throws {
        try await PortalWorld.with { world in
            try await chilli(world)
            _ = try await world.site("tik", profile: "mikrotik", key: nil)
            let (phone, thief) = (Phone(world), Phone(world, address: "10.66.0.250"))
            let page = try await arrive(phone)
            _ = try await arrive(thief)
            #expect(await thief.login("uam", page: page, user: "agent", password: "fontaine").status == 403)
            #expect(await phone.login("tik", page: page, user: "agent", password: "fontaine").status == 403)
            world.clock.advance(3_601)
            let late = await phone.login("uam", page: page, user: "agent", password: "fontaine")
            #expect(late.status == 403 && late.body.contains("restée ouverte trop longtemps"))
            #expect(!late.body.contains("fontaine"))
            #expect(try await world.count("SELECT count(*) FROM identity.terms_acceptance") == 0)
        }
    }

    // MARK: Budgets

    @Test
    func
        `five passwords of a device are passed on, the sixth is told when to come back; another device is not held to it`()
        async throws
    {
        try await PortalWorld.with { world in
            try await chilli(world)
            let phone = Phone(world)
            for _ in 0..<5 {
                let back = await phone.login("uam", page: try await arrive(phone), user: "agent", password: "faux")
                #expect(back.status == 303)
            }
            world.clock.advance(20)
            let blocked = await phone.login("uam", page: try await arrive(phone), user: "agent", password: "faux")
            #expect(blocked.status == 429 && blocked.body.contains("Trop d’essais") && !blocked.body.contains("faux"))
            #expect((30...61).contains(blocked.headers[.retryAfter].flatMap { Int($0) } ?? 0))
            let other = Phone(world)
            let page = try await arrive(other, mac: "02-00-5E-00-53-02")
            #expect(await other.login("uam", page: page, user: "agent", password: "fontaine").status == 303)
        }
    }

    @Test func `many devices of one address share a larger budget`() async throws {
        try await PortalWorld.with { world in
            try await chilli(world)
            var statuses: [Int] = []
            for index in 0..<41 {
                let phone = Phone(world)
                let mac = "02-00-5E-00-54-\(String(format: "%02X", index))"
                let page = try await arrive(phone, mac: mac)
                statuses.append(await phone.login("uam", page: page, user: "agent", password: "faux").status)
            }
            #expect(statuses == Array(repeating: 303, count: 40) + [429])
        }
    }

    // MARK: Offered or not

    @Test func `the form is offered where the gateway has passwords verified, with what a browser needs to fill it in`()
        async throws
    {
        try await PortalWorld.with { world in
            try await chilli(world)
            for language in ["fr", "en"] {
                let page = await Phone(world).get(
                    try UAMLoginTests.target("/uam/uam", nas: "uam-gw"), language: language)
                let fields = Markup(page.body).all("input")
                let user = fields.first { $0.attributes["name"] == "user" }?.attributes
                let password = fields.first { $0.attributes["name"] == "password" }?.attributes
                #expect(user?["autocomplete"] == "username" && user?["autocapitalize"] == "none")
                #expect(password?["autocomplete"] == "current-password" && password?["type"] == "password")
                #expect(Markup(page.body).accessibilityFaults == [])
                let headers = page.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
                #expect(page.body.utf8.count + headers < 14_336, "\(page.body.utf8.count + headers)")
                if let folder = ProcessInfo.processInfo.environment["SOCLE_PAGES"] {
                    try page.body.write(toFile: "\(folder)/account-\(language).html", atomically: true, encoding: .utf8)
                }
            }
        }
    }

    @Test func `it is neither offered nor taken behind openNDS, MAC authentication, or a CoovaChilli without a secret`()
        async throws
    {
        try await PortalWorld.with { world in
            try await chilli(world, key: nil)
            _ = try await world.site("mac", profile: "hostapd", key: nil)
            for (slug, target) in [
                ("mairie", "/mairie/fas?\(OpenNDSGateway.plain())"),
                ("mac", "/mac?mac=02-00-5E-00-53-01&nasid=mac-gw"),
                ("uam", try UAMLoginTests.target("/uam/uam", nas: "uam-gw")),
            ] {
                let phone = Phone(world)
                let page = await phone.get(target)
                #expect(page.status == 200 && page.hidden("x")?.isEmpty == false, "\(slug)")
                #expect(!page.body.contains("name=\"password\"") && page.body.contains("name=\"code\""), "\(slug)")
                let refused = await phone.login(slug, page: page, user: "agent", password: "fontaine")
                #expect(refused.status == 400 && refused.location == nil, "\(slug)")
            }
        }
    }

    @Test func `a site with two kinds of gateway offers it behind the one that can`() async throws {
        try await PortalWorld.with { world in
            let made = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            _ = try await NASDirectory(world.owner, keys: world.keys).add(
                NewNAS(name: "ap", profile: "hostapd", identifier: "ap"), to: made.site.id)
            let phone = Phone(world)
            #expect(try await arrive(phone).body.contains("name=\"password\""))
            let page = await phone.get("/uam?mac=02-00-5E-00-53-01&nasid=ap")
            #expect(page.status == 200 && !page.body.contains("name=\"password\""))
            #expect(await phone.login("uam", page: page, user: "agent", password: "fontaine").status == 400)
        }
    }

    // MARK: Vouchers and passwords

    @Test
    func `a voucher's refusal never says wrong password: the right behind it is asked, or it is to be tried again`()
        async throws
    {
        try await PortalWorld.with { world in
            let made = try await world.site("uam", profile: "coovachilli", key: PortalWorld.uamSecret)
            let failed = try UAMLoginTests.target(
                "/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=wrong-password")
            let phone = Phone(world)
            let code = try await world.voucher(made, until: 600)
            let sent = await phone.login("uam", page: try await arrive(phone), method: "voucher", code: code.display)
            #expect(sent.status == 303)
            // The right is as good as before: the gateway's challenge was an old one.
            let again = await phone.get(failed)
            #expect(again.status == 200 && again.body.contains("a refusé la connexion. Réessayez."))
            #expect(!again.body.contains("mot de passe n’est pas le bon"))
            world.clock.advance(601)
            #expect(await phone.get(failed).body.contains("Ce code n’est plus valable"))
            let revoked = await Self.revoked(world, made)
            #expect(revoked.body.contains("Ce code a été annulé"))
        }
    }

    /// The page that a visitor sees whose voucher was taken back between its login and the gateway's question.
    private static func revoked(_ world: PortalWorld, _ site: CreatedSite) async -> Phone.Page {
        let phone = Phone(world)
        do {
            let code = try await world.voucher(site)
            let page = await phone.get(try UAMLoginTests.target("/uam/uam", nas: "uam-gw", mac: "02-00-5E-00-53-07"))
            _ = await phone.login("uam", page: page, method: "voucher", code: code.display)
            let vouchers = Vouchers(world.owner, keys: world.keys)
            let found = try await vouchers.find([code], of: site.site.organisationID)
            _ = try await vouchers.revoke(
                found.values.map(\.id), of: site.site.organisationID, at: world.clock.date)
            return await phone.get(
                try UAMLoginTests.target("/uam/uam", nas: "uam-gw", res: "failed", extra: "&reply=wrong-password"))
        } catch {
            Issue.record(error)
            return await phone.get("/uam")
        }
    }
}
