import Foundation
import Postgres
import Store
import Territory
import Testing

struct WiFiKeyTests {
    private let noon = Installation.noon
    private let day = CivilDay(daysSinceEpoch: 20_833)

    private struct Household {
        let organisation: OrganisationID
        let site: SiteID
        let account: Account
    }

    private func household(_ here: Installation, _ login: String = "alice") async throws -> Household {
        let (organisation, site) = try await here.commune("55001", slug: "mairie-\(login)")
        let account = try await Accounts(here.owner).create(
            login: login, passwordHash: Secret(text: "$y$hash"), of: organisation, group: "lodgers")
        return Household(organisation: organisation, site: site, account: account)
    }

    private func find(_ here: Installation, _ device: UInt8, _ site: SiteID) async throws -> KnownLogin? {
        try await LoginLookup(here.access, keys: here.keys).find(
            [.device(.documentation(device), at: site)], usageOn: day, now: noon
        ).values.first
    }

    @Test func `a device with a key of its own is let in for its household, without a grant`() async throws {
        try await Installation.with { here in
            let home = try await household(here)
            let keys = WiFiKeys(here.owner, keys: here.keys)
            let made = try await keys.create(
                NewWiFiKey(
                    account: home.account.id, device: .documentation(1), group: "printers",
                    passphrase: WiFiKey.passphrase("correct horse")),
                of: home.organisation)
            let login = try #require(try await find(here, 1, home.site))
            #expect(login.subject.reference == .account(home.account.id) && login.source == login.subject.reference)
            #expect(login.subject.psk?.text == "correct horse" && login.subject.group == "printers")
            #expect(login.verifier == .none && login.grant == nil && login.keyAccount == home.account.id)
            #expect(try await find(here, 2, home.site) == nil)
            let elsewhere = try await here.commune("55002", slug: "mairie-b")
            #expect(try await find(here, 1, elsewhere.site) == nil, "another organisation's site")
            #expect(try await keys.revoke(made.key.id, of: home.organisation, at: noon) == 0)
            #expect(try await keys.revoke(made.key.id, of: home.organisation, at: noon) == nil)
            #expect(try await find(here, 1, home.site) == nil)
            #expect(try await keys.list(account: home.account.id, of: home.organisation).map(\.revokedAt) == [noon])
        }
    }

    @Test func `a household's key is that of every device with a grant of the account, after the device's own`()
        async throws
    {
        try await Installation.with { here in
            let home = try await household(here)
            let keys = WiFiKeys(here.owner, keys: here.keys)
            for device in [UInt8(1), 2] {
                _ = try await Grants(here.portal, keys: here.keys).issue(
                    account: home.account.id, site: home.site, of: home.organisation, device: .documentation(device),
                    now: noon, expiresAt: noon + 600)
            }
            let shared = try await keys.create(NewWiFiKey(account: home.account.id), of: home.organisation)
            let own = try await keys.create(
                NewWiFiKey(account: home.account.id, site: home.site, device: .documentation(2)),
                of: home.organisation)
            #expect(shared.passphrase.bytes.count == 23 && shared.passphrase != own.passphrase)
            let (first, second) = (try await find(here, 1, home.site), try await find(here, 2, home.site))
            #expect(first?.subject.psk == shared.passphrase && first?.subject.group == "lodgers")
            #expect(second?.subject.psk == own.passphrase && second?.grant?.device == .documentation(2))
            #expect(try await find(here, 3, home.site) == nil, "a household's key lets in nobody by itself")
            #expect(try await keys.passphrase(own.key.id, of: home.organisation) == own.passphrase)
        }
    }

    @Test func `refuses what is no passphrase, a second key of one device and another's account`() async throws {
        try await Installation.with { here in
            let home = try await household(here)
            let keys = WiFiKeys(here.owner, keys: here.keys)
            let make = { (text: String) in
                _ = try await keys.create(
                    NewWiFiKey(account: home.account.id, device: .documentation(1), passphrase: Secret(text: text)),
                    of: home.organisation)
            }
            for text in ["1234567", String(repeating: "a", count: 64), "motdepassé"] {
                await #expect(throws: StoreError(.invalid, "")) { try await make(text) }
            }
            try await make("12345678")
            await #expect(throws: StoreError(.duplicate, "")) { try await make(String(repeating: "a", count: 63)) }
            let other = try await here.commune("55002", slug: "mairie-b")
            await #expect(throws: StoreError(.notFound, "")) {
                _ = try await keys.create(NewWiFiKey(account: home.account.id), of: other.organisation)
            }
        }
    }

    @Test func `a key is sealed to its row, and one that does not open is none`() async throws {
        try await Installation.with { here in
            let home = try await household(here)
            let keys = WiFiKeys(here.owner, keys: here.keys)
            let made = try await keys.create(
                NewWiFiKey(account: home.account.id, device: .documentation(1)), of: home.organisation)
            let moved = try await keys.create(
                NewWiFiKey(account: home.account.id, device: .documentation(2)), of: home.organisation)
            _ = try await here.owner.write(
                """
                UPDATE access.wifi_key SET psk = (SELECT psk FROM access.wifi_key WHERE id = \(made.key.id))
                WHERE id = \(moved.key.id)
                """, repeatable: false)
            await #expect(throws: StoreError(.secretUnreadable, "")) {
                _ = try await keys.passphrase(moved.key.id, of: home.organisation)
            }
            let login = try #require(try await find(here, 2, home.site))
            #expect(login.subject.psk == nil && login.subject.reference == .account(home.account.id))
            #expect(
                try await here.count(
                    "SELECT count(*) FROM access.wifi_key WHERE position(\(made.passphrase.bytes) IN psk) > 0") == 0)
        }
    }

    @Test func `what becomes of a key is told to the daemons as a change of its account`() async throws {
        try await Installation.with { here in
            let home = try await household(here)
            let keys = WiFiKeys(here.owner, keys: here.keys)
            let changes: SQL =
                "SELECT count(*) FROM territory.change WHERE subject = 'account' AND key = \(home.account.id)"
            let made = try await keys.create(NewWiFiKey(account: home.account.id), of: home.organisation)
            #expect(try await here.count(changes) == 1)
            try await keys.revoke(made.key.id, of: home.organisation, at: noon)
            #expect(try await here.count(changes) == 2)
            _ = try await here.owner.write(
                "UPDATE identity.account SET group_name = 'staff' WHERE id = \(home.account.id)", repeatable: false)
            #expect(try await here.count(changes) == 3)
        }
    }

    @Test func `the portal reads no key`() async throws {
        try await Installation.with { here in
            await #expect(throws: PostgresError.self) { try await here.portal.query("SELECT psk FROM access.wifi_key") }
            _ = try await here.access.query("SELECT psk FROM access.wifi_key")
            await #expect(throws: PostgresError.self) {
                try await here.access.write("DELETE FROM access.wifi_key", repeatable: false)
            }
        }
    }
}
