import Foundation
import Testing

@testable import Territory

struct PackageLibraryTests {
    private func shipped() throws -> PackageLibrary {
        try PackageLibrary.load(directory: configuration.appendingPathComponent("packages"))
    }

    private func library(_ files: [(String, String)]) -> PackageLibrary {
        PackageLibrary(files: files.map { ($0.0, $0.0 + ".yaml", $0.1) })
    }

    private func shippedFiles() throws -> [(String, String)] {
        let directory = configuration.appendingPathComponent("packages")
        return try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().map { file in
            (String(file.dropLast(5)), try String(contentsOf: directory.appendingPathComponent(file), encoding: .utf8))
        }
    }

    /// The shipped packages with one text of one file replaced.
    private func shipped(_ name: String, replacing old: String, with new: String) throws -> PackageLibrary {
        library(
            try shippedFiles().map { file, text in
                if file == name { #expect(text.contains(old)) }
                return (file, file == name ? text.replacing(old, with: new) : text)
            })
    }

    @Test func `the packages that ship are these four, without fault`() throws {
        let library = try shipped()
        #expect(library.faults == [])
        #expect(library.names == ["accueil-social", "mairie", "maison-de-sante", "salle-des-fetes"])
        #expect(throws: TerritoryError(.unknownName)) { try library.resolve("commune-base") }
    }

    @Test func `every package that ships names equipment that ships`() throws {
        let equipment = try EquipmentLibrary.load(directory: configuration.appendingPathComponent("equipment"))
        for package in try shipped().packages.values {
            for profile in package.equipment.flatMap(\.profiles) { #expect(equipment.profiles[profile] != nil) }
        }
    }

    @Test func `lays a package over what it extends`() throws {
        let library = try shipped()
        let mairie = try library.resolve("mairie")
        #expect(mairie.rights.sessionSeconds == 14_400 && mairie.rights.dailyOctets == 3_000_000_000)
        #expect(mairie.login.methods == [.clickThrough, .voucher, .account])
        #expect(mairie.portal.welcome[.english].contains("town hall") && mairie.portal.accent == Colour("#1b4f8a"))
        #expect(mairie.retention.map(\.retentionClass.rawValue) == ["C2", "C4", "C5", "C7", "C8", "S"])
        let salle = try library.resolve("salle-des-fetes")
        #expect(salle.rights.dailyOctets == nil && salle.rights.interimSeconds == 300)
        #expect(salle.login.methods == [.voucher] && salle.login.voucher?.devices == 200)
        #expect(try library.resolve("accueil-social").portal.plainLanguage)
        #expect(try library.resolve("accueil-social").rights.openingHours == nil)
    }

    @Test func `a health centre's network, page and poster do not name the place`() throws {
        let package = try shipped().resolve("maison-de-sante")
        let shown =
            package.networks.map { $0.ssid(commune: "Verdun", site: "Maison de santé") }
            + [package.portal.welcome.fr, package.signage.headline.fr, package.signage.instructions.fr]
        for text in shown { #expect(!text.lowercased().contains("sant") && !text.contains("Verdun")) }
        #expect(package.login.methods == [.clickThrough])
    }

    @Test func `a wedding guest gets in on Saturday night and not at four`() throws {
        let hours = try #require(try shipped().resolve("salle-des-fetes").rights.openingHours)
        let paris = Site.timeZone(named: "Europe/Paris")
        #expect(hours.isOpen(at: try Date("2026-08-02T00:59:59Z", strategy: .iso8601), in: paris))
        #expect(!hours.isOpen(at: try Date("2026-08-02T01:00:00Z", strategy: .iso8601), in: paris))
    }

    @Test func `every shipped theme has the contrast that RGAA asks for`() throws {
        for package in try shipped().packages.values {
            #expect(package.portal.text.contrast(with: package.portal.background) >= 4.5)
            #expect(package.portal.accentText.contrast(with: package.portal.accent) >= 4.5)
        }
        let black = try #require(Colour("#000000"))
        #expect(black.contrast(with: try #require(Colour("#FFFFFF"))) == 21 && black.contrast(with: black) == 1)
    }

    @Test func `goes to the database and back without loss, in one form`() throws {
        for package in try shipped().packages.values {
            let document = package.document
            #expect(try SitePackage(document: document) == package)
            #expect(try SitePackage(document: document).document == document)
        }
        #expect(try shipped().resolve("mairie").document == shipped().resolve("mairie").document)
        #expect(throws: TerritoryError(.malformedDocument)) { try SitePackage(document: "{}") }
    }

    @Test func `fills in an SSID and cuts it at 32 octets between characters`() {
        let plan = { (ssid: String) in
            SitePackage.NetworkPlan(name: "public", ssid: ssid, vlan: nil, encryption: .open, handoff: .uam)
        }
        #expect(plan("Mairie {commune}").ssid(commune: "Bar-le-Duc", site: "x") == "Mairie Bar-le-Duc")
        let long = plan("Salle {commune}").ssid(commune: "Saint-Maurice-sous-les-Côtes", site: "x")
        #expect(long == "Salle Saint-Maurice-sous-les-Cô" && long.utf8.count == 32)
        #expect(plan("{site} {commune}").ssid(commune: String(repeating: "é", count: 40), site: "A").utf8.count == 32)
        #expect(plan("WiFi {commune}").ssid(commune: "", site: "") == "WiFi")
    }

    @Test(arguments: [
        ("vlan: 30", "vlan: 4095", "networks[0].vlan"), ("vlan: 30", "vlan: \"30\"", "networks[0].vlan"),
        ("encryption: open", "encryption: wep", "networks[0].encryption"),
        ("session_seconds: 14400", "session_seconds: 4h", "rights.session_seconds"),
        ("session_seconds: 14400", "session_seconds: 59", "rights.session_seconds"),
        ("session_seconds: 14400", "session_secs: 14400", "rights.session_secs"),
        ("Mo-Fr 07:30-23:00", "Lu-Ve 07:30-23:00", "rights.opening_hours"),
        ("methods: [click-through, voucher, account]", "methods: [click-through, click-through]", "login.methods[1]"),
        ("  voucher: {valid_seconds: 86400, devices: 2}", "", "login.voucher"),
        ("Mairie {commune}", "Mairie {ville}", "networks[0].ssid"),
        ("Mairie {commune}", "Une mairie au nom bien trop long {commune}", "networks[0].ssid"),
        ("name: personnel", "name: public", "networks"),
        ("version: 1", "", "version"), ("version: 1", "version: 0", "version"),
        ("package: mairie", "package: ville", "package"), ("extends: commune-base", "extends: nowhere", "extends"),
        ("title: {fr: Mairie, en: Town hall}", "title: Mairie", "title"),
        ("title: {fr: Mairie, en: Town hall}", "title: {en: Town hall}", "title.fr"),
        ("title: {fr: Mairie, en: Town hall}", "title: {fr: 55, en: Town hall}", "title.fr"),
    ])
    func `names the file, the line and the key of a fault`(_ old: String, _ new: String, _ key: String) throws {
        let library = try shipped("mairie", replacing: old, with: new)
        let fault = try #require(library.faults.first)
        #expect(library.faults.count == 1 || key == "rights.session_secs")
        #expect(fault.file == "mairie.yaml" && library.faults.map(\.keyPath).contains(key))
        #expect(library.packages["mairie"] == nil && library.packages["accueil-social"] != nil)
        let error = #expect(throws: TerritoryError(.faultyDocument)) { try library.resolve("mairie") }
        #expect(error?.faults.isEmpty == false)
        #expect(error?.description.contains("mairie.yaml:") == true)
    }

    @Test(arguments: [
        ("keep_days: 90", "keep_days: 93", "retention[3].keep_days"), ("class: C8", "class: C6", "retention[4].class"),
        ("class: C8", "class: C4", "retention"), ("accent: \"#1b4f8a\"", "accent: \"#9ab\"", "portal.accent"),
        ("text: \"#1e1e1e\"", "text: \"#777777\"", "portal.text"),
        ("accent_text: \"#ffffff\"", "accent_text: \"#1b4f8b\"", "portal.accent_text"),
        ("recipient: commune", "recipient: maire", "alerts[0].recipient"),
        ("recipient: commune", "recipient: 'a b@c.fr'", "alerts[0].recipient"),
        ("under_threes: false", "under_threes: oui", "under_threes"),
        ("languages: [fr, en]", "languages: [fr, de]", "portal.languages[1]"),
        ("role: gateway", "role: router", "equipment[0].role"),
    ])
    func `a fault of the base is the base's, and told once`(_ old: String, _ new: String, _ key: String) throws {
        let library = try shipped("commune-base", replacing: old, with: new)
        let own = library.faults.filter { $0.file == "commune-base.yaml" }
        // A contrast differs with the accent of each package; every other fault reads the same in all.
        #expect(own.filter { $0.keyPath == key }.count == (key == "portal.accent_text" ? 3 : 1))
        // Packages that inherit the fault are refused; all replace the equipment, so they stand.
        #expect(library.packages.count < 4 || key == "equipment[0].role")
    }

    private func mairie(rights: String = "", groups: String = "") throws -> PackageLibrary {
        try shipped("mairie", replacing: "rights:\n", with: groups + "rights:\n" + rights)
    }

    @Test func `reads quotas of week and month, and what to throttle to`() throws {
        let library = try mairie(
            rights: """
                  weekly_octets: 10000000000
                  weekly_seconds: 604800
                  monthly_octets: 30000000000
                  monthly_seconds: 2678400
                  when_exhausted: throttle
                  throttle_down_bits_per_second: 500000
                  throttle_up_bits_per_second: 64000

                """)
        #expect(library.faults == [])
        let rights = try library.resolve("mairie").rights
        #expect(rights.weeklyOctets == 10_000_000_000 && rights.weeklySeconds == 604_800)
        #expect(rights.monthlyOctets == 30_000_000_000 && rights.monthlySeconds == 2_678_400)
        #expect(rights.whenExhausted == .throttle && rights.throttleDownBitsPerSecond == 500_000)
        #expect(rights.throttleUpBitsPerSecond == 64_000)
    }

    @Test func `reads groups, where null lifts a limit and a missing key inherits it`() throws {
        let library = try mairie(
            groups: """
                groups:
                  agents: {vlan: 20, role: staff, rights: {daily_octets: null, devices: 5, opening_hours: "24/7"}}
                  elus: {vlan: 4094}

                """)
        #expect(library.faults == [])
        let package = try library.resolve("mairie")
        let agents = try #require(package.groups?["agents"])
        #expect(agents.vlan == 20 && agents.role == "staff" && agents.rights?.dailyOctets == .unlimited)
        #expect(agents.rights?.devices == .limited(5) && agents.rights?.sessionSeconds == .inherited)
        #expect(package.groups?["elus"] == GroupPlan(vlan: 4_094))
        #expect(try SitePackage(document: package.document) == package)
    }

    @Test func `a package without groups is the same document as before there were any`() throws {
        #expect(try !shipped().resolve("mairie").document.contains("groups"))
    }

    @Test(arguments: [
        ("  weekly_seconds: 604801\n", "", "rights.weekly_seconds"),
        ("  monthly_octets: 999999\n", "", "rights.monthly_octets"),
        ("  when_exhausted: slow\n", "", "rights.when_exhausted"),
        (
            "  when_exhausted: throttle\n  throttle_up_bits_per_second: 64000\n", "",
            "rights.throttle_down_bits_per_second"
        ),
        ("  throttle_up_bits_per_second: 64000\n", "", "rights.throttle_up_bits_per_second"),
        ("", "groups: {Agents: {vlan: 20}}\n", "groups.Agents"), ("", "groups: {a: {vlan: 0}}\n", "groups.a.vlan"),
        ("", "groups: {a: {role: été}}\n", "groups.a.role"), ("", "groups: {a: 20}\n", "groups.a"),
        ("", "groups: [a]\n", "groups"), ("", "groups: {a: {rates: 1}}\n", "groups.a.rates"),
        ("", "groups: {a: {rights: {devices: 0}}}\n", "groups.a.rights.devices"),
        ("", "groups: {a: {rights: {opening_hours: Lu}}}\n", "groups.a.rights.opening_hours"),
    ])
    func `names the file, the line and the key of a fault in quotas and groups`(
        _ rights: String, _ groups: String, _ key: String
    ) throws {
        let library = try mairie(rights: rights, groups: groups)
        #expect(library.faults.map(\.keyPath) == [key])
        #expect(library.faults.first?.file == "mairie.yaml" && library.faults.first?.line ?? 0 > 20)
        #expect(library.packages["mairie"] == nil)
    }

    @Test func `whoever refuses where throttling is inherited may leave the rates`() throws {
        let library = try mairie(rights: "  when_exhausted: refuse\n  throttle_up_bits_per_second: 64000\n")
        #expect(library.faults == [])
    }

    @Test func `refuses a network where children under three are received (law 2015-136)`() throws {
        let library = try shipped(
            "mairie", replacing: "extends: commune-base", with: "extends: commune-base\nunder_threes: true")
        #expect(library.faults.map(\.keyPath) == ["networks"])
        #expect(library.faults[0].message.contains("2015-136"))
    }

    @Test func `accepts an e-mail address and WiFi4EU`() throws {
        let library = try shipped(
            "mairie", replacing: "extends: commune-base",
            with: """
                extends: commune-base
                wifi4eu: {network_identifier: 8f7c0b1a-1111-2222-3333-444455556666}
                alerts:
                  - {recipient: mairie@exemple.fr, events: [site-down]}
                """)
        #expect(library.faults == [])
        #expect(try library.resolve("mairie").alerts.map(\.recipient) == ["mairie@exemple.fr"])
        #expect(try library.resolve("mairie").wifi4eu?.networkIdentifier.hasPrefix("8f7c") == true)
    }

    @Test func `tells where accounts are listed and no gateway can have a password verified, and why`() throws {
        let equipment = try EquipmentLibrary.load(directory: configuration.appendingPathComponent("equipment"))
        let handoffs = equipment.profiles.mapValues(\.handoff)
        for package in try shipped().packages.values { #expect(package.accountNotices(profiles: handoffs) == []) }
        let hall = try shipped("salle-des-fetes", replacing: "methods: [voucher]", with: "methods: [voucher, account]")
            .resolve("salle-des-fetes")
        let notices = hall.accountNotices(profiles: handoffs)
        #expect(notices.count == 2)
        #expect(
            notices.first
                == "package salle-des-fetes: the login method account is not offered on network public (opennds-fas): "
                + "openNDS asks no RADIUS server about a password, and the portal may not read accounts")
        #expect(notices.last?.contains("at a gateway opennds: openNDS asks no RADIUS server") == true)
        let site = try #require(Slug(rawValue: "salle"))
        let gateways = [
            ("a", "coovachilli", Handoff.uam, true), ("b", "coovachilli", .uam, false),
            ("c", "opennds", .openNDSFAS, true),
            ("d", "hostapd", .macCoA, false), ("e", "gone", nil, true), ("f", "switch", Handoff.none, false),
        ].map { SitePackage.PasswordGateway(name: $0.0, profile: $0.1, handoff: $0.2, hasKey: $0.3) }
        let told = hall.accountNotices(site: site, gateways: gateways)
        #expect(
            told.map { String($0.drop { $0 != "(" }.prefix { $0 != ":" }) } == [
                "(coovachilli)", "(opennds)", "(hostapd)", "(gone)",
            ])
        #expect(told.allSatisfy { $0.hasPrefix("site salle: the login method account is not offered at gateway ") })
        #expect(try shipped().resolve("salle-des-fetes").accountNotices(site: site, gateways: gateways) == [])
    }

    @Test func `refuses circles, missing parents and long chains`() {
        let stub = { (name: String, parent: String) in
            (name, "package: \(name)\nversion: 1\nabstract: true\nextends: \(parent)\n")
        }
        let circle = library([stub("a", "b"), stub("b", "a")])
        #expect(
            circle.faults.map(\.message) == ["goes round in a circle: a → b → a", "goes round in a circle: b → a → b"]
                || circle.faults.count == 2)
        #expect(library([stub("a", "a")]).faults.map(\.message) == ["goes round in a circle: a → a"])
        #expect(library([stub("a", "b")]).faults.map(\.message) == ["names \"b\", which is not there"])
        #expect(library([stub("a", "b"), ("b", "}")]).faults.map(\.keyPath).contains("extends"))
        #expect(
            library([("a", "package: a\nversion: 1\nextends: [b]")]).faults.map(\.message).contains(
                "is a list, wanted a package's name"))
        let chain = { (length: Int) in
            (1...length).map { index in
                index == length
                    ? ("p\(index)", "package: p\(index)\nversion: 1\nabstract: true\n")
                    : stub("p\(index)", "p\(index + 1)")
            }
        }
        #expect(library(chain(8)).faults.isEmpty)
        #expect(library(chain(9)).faults.map(\.keyPath) == ["extends"])
    }
}
