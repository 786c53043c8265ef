import Foundation
import Testing

@testable import Territory

struct ValueTests {
    @Test(arguments: [
        ("Salle des fêtes de Bar-le-Duc", "salle-des-fetes-de-bar-le-duc"), ("Sacré-Cœur", "sacre-coeur"),
        ("L’Isle-en-Barrois", "l-isle-en-barrois"), ("L'Isle", "l-isle"), ("Ça — là !", "ca-la"),
        ("  Mairie  (annexe) ", "mairie-annexe"), ("École Lætitia", "ecole-laetitia"), ("N° 12", "n-12"),
        ("Nº 12", "no-12"),
        ("ÀÉÎÕÜ", "aeiou"), ("Straße", "strasse"),
    ])
    func `makes a slug of a French name`(_ name: String, _ slug: String) {
        #expect(Slug(name: name)?.rawValue == slug)
    }

    @Test func `has no slug for a name without letters`() {
        #expect(Slug(name: "") == nil)
        #expect(Slug(name: "—’ ") == nil)
        #expect(Slug(name: "東京") == nil)
    }

    @Test func `cuts a slug at 63 characters, and not after a hyphen`() {
        #expect(Slug(name: String(repeating: "a", count: 63))?.rawValue.count == 63)
        #expect(Slug(name: String(repeating: "a", count: 64))?.rawValue.count == 63)
        #expect(Slug(name: String(repeating: "a", count: 62) + "-b")?.rawValue == String(repeating: "a", count: 62))
    }

    @Test func `numbers a slug that is taken`() throws {
        let slug = try #require(Slug(rawValue: "mairie"))
        #expect(slug.unique { _ in false } == slug)
        #expect(slug.unique { ["mairie", "mairie-2"].contains($0.rawValue) }?.rawValue == "mairie-3")
        #expect(slug.unique { _ in true } == nil)
        let long = try #require(Slug(rawValue: String(repeating: "a", count: 63)))
        #expect(long.unique { $0 == long }?.rawValue == String(repeating: "a", count: 61) + "-2")
    }

    @Test(arguments: ["", "-a", "A", "é", "a_b", "a b", String(repeating: "a", count: 64)])
    func `refuses what is not a slug`(_ text: String) {
        #expect(Slug(rawValue: text) == nil)
    }

    @Test func `shows no secret in any description`() {
        let nas = NAS(
            id: 1, organisationID: 2, siteID: 3, name: "gw", profile: "mikrotik", secret: Secret(text: "hunter2"),
            coaSecret: Secret(text: "hunter2"), portalKey: Secret(text: "hunter2"))
        for text in ["\(nas)", String(reflecting: nas), "\(nas.secret)", String(reflecting: nas.secret)] {
            #expect(!text.contains("hunter2") && !text.contains("104"))
        }
        var dumped = ""
        dump(nas, to: &dumped)
        #expect(!dumped.contains("hunter2") && !dumped.contains("104"))
        #expect(nas.secret.text == "hunter2")
    }

    @Test func `requires Message-Authenticator from the first one seen (CVE-2024-3596)`() {
        let nas = { (policy: NAS.MessageAuthenticatorPolicy, seen: Date?) in
            NAS(
                id: 1, organisationID: 2, siteID: 3, name: "gw", profile: "wispr", secret: Secret([]),
                messageAuthenticator: policy, messageAuthenticatorSeenAt: seen
            ).requiresMessageAuthenticator
        }
        #expect(!nas(.auto, nil))
        #expect(nas(.auto, .now))
        #expect(nas(.require, nil))
        #expect(!nas(.off, .now))
    }

    @Test func `counts a grant's usage against what stands behind it`() {
        let grant = { (voucher: VoucherID?, account: AccountID?) in
            LoginGrant(
                id: 1, organisationID: 1, siteID: 1, login: "g.x", method: .voucher, voucherID: voucher,
                accountID: account, issuedAt: .now, expiresAt: .now
            ).usageSubject
        }
        #expect(grant(7, nil) == .voucher(7))
        #expect(grant(nil, 8) == .account(8))
        #expect(grant(nil, nil) == .loginGrant(1))
    }

    @Test func `keeps identities of different tables apart in JSON as plain integers`() throws {
        let data = try JSONEncoder().encode([SiteID(5)])
        #expect(String(decoding: data, as: UTF8.self) == "[5]")
        #expect(try JSONDecoder().decode([SiteID].self, from: data) == [5])
        #expect(SiteID("12") == 12)
        #expect(SiteID("x") == nil)
    }
}
