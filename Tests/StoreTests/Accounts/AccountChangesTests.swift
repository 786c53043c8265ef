import Foundation
import Postgres
import Store
import Territory
import Testing

@Suite struct AccountChangesTests {
    private let noon = Installation.noon

    /// A commune with a NAS and an account that two devices are connected with; a third session is a stranger's.
    private struct Place {
        let here: Installation
        let organisation: OrganisationID
        let site: SiteID
        let account: Account
        let sessions: [SessionRow]

        init(_ here: Installation) async throws {
            self.here = here
            (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let nas = try await NASDirectory(here.owner, keys: here.keys)
                .add(NewNAS(name: "gw", profile: "wispr", identifier: "gw"), to: site).id
            let accounts = Accounts(here.owner)
            account = try await accounts.create(
                login: "alice", passwordHash: Secret(text: "$y$a"), of: organisation, group: "agents")
            let other = try await accounts.create(
                login: "bob", passwordHash: Secret(text: "$y$b"), of: organisation)
            var rows: [SessionRow] = []
            for (number, id) in [(1, account.id), (2, account.id), (3, other.id)] {
                var row = SessionRow.sample(number, nas: nas, organisation: organisation, site: site)
                row.subject = .account(id)
                row.callingStation = MACAddress.documentation(UInt8(number)).description
                rows.append(row)
            }
            _ = try await SessionStore(here.access).write(rows.map { SessionWrite(previous: nil, row: $0) })
            sessions = Array(rows.prefix(2))
        }

        /// Why each session of which there is a command is to end.
        func commands() async throws -> [UUID: String] {
            let rows = try await here.owner.query(
                "SELECT session_id, command || ' ' || reason FROM access.outbox ORDER BY id")
            return Dictionary(try rows.decode(UUID.self, String.self)) { first, _ in first }
        }
    }

    private func expected(_ place: Place, _ reason: String) -> [UUID: String] {
        Dictionary(uniqueKeysWithValues: place.sessions.map { ($0.sessionID, "disconnect " + reason) })
    }

    @Test func `closing an account leaves a Disconnect for each of its sessions and no other, once`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let accounts = Accounts(here.owner)
            #expect(try await accounts.close(place.account.id, of: place.organisation, at: noon) == 2)
            #expect(try await place.commands() == expected(place, "closed-account"))
            #expect(try await accounts.close(place.account.id, of: place.organisation, at: noon + 9) == nil)
            #expect(try await here.count("SELECT count(*) FROM access.outbox") == 2)
            let found = try #require(try await accounts.inspect(login: "Alice"))
            #expect(found.account.closedAt == noon && found.sessions == 2)
        }
    }

    @Test func `an account opened again is as it was, and says so to the daemons`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let accounts = Accounts(here.owner)
            #expect(try await accounts.reopen(place.account.id, of: place.organisation) == false, "it is open")
            try await accounts.close(place.account.id, of: place.organisation, at: noon)
            let changes: SQL = "SELECT count(*) FROM territory.change WHERE subject = 'account'"
            let before = try await here.count(changes)
            #expect(try await accounts.reopen(place.account.id, of: place.organisation))
            #expect(try await here.count(changes) == before + 1)
            #expect(try await accounts.find(["alice"])["alice"] == place.account)
        }
    }

    @Test func `another organisation closes, opens and moves nothing`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let (other, _) = try await here.commune("55002", slug: "mairie-b")
            let accounts = Accounts(here.owner)
            #expect(try await accounts.close(place.account.id, of: other, at: noon) == nil)
            #expect(
                try await accounts.setGroup("x", of: [place.account.id], in: other, disconnecting: true)
                    == .init(accounts: 0, sessions: 0))
            try await accounts.close(place.account.id, of: place.organisation, at: noon)
            #expect(try await accounts.reopen(place.account.id, of: other) == false)
        }
    }

    @Test func `a new password ends sessions only where that is asked for`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let passwords = AccountPasswords(here.owner, keys: here.keys)
            let hash = Secret(text: "$y$new")
            #expect(try await passwords.set(hash: hash, nt: nil, of: place.account.id, in: place.organisation) == 0)
            #expect(try await place.commands().isEmpty)
            #expect(
                try await passwords.set(
                    hash: hash, nt: nil, of: place.account.id, in: place.organisation, disconnecting: true) == 2)
            #expect(try await place.commands() == expected(place, "password-changed"))
        }
    }

    @Test func `accounts move into a group and out of it, and their devices log in again where that is asked for`()
        async throws
    {
        try await Installation.with { here in
            let place = try await Place(here)
            let accounts = Accounts(here.owner)
            let ids = [place.account.id]
            let move = { (group: String?, disconnecting: Bool) in
                try await accounts.setGroup(group, of: ids, in: place.organisation, disconnecting: disconnecting)
            }
            #expect(try await move("agents", true) == .init(accounts: 0, sessions: 0), "it is in it already")
            #expect(try await move("elus", false) == .init(accounts: 1, sessions: 0))
            #expect(try await accounts.list(of: place.organisation, group: "elus").map(\.account.login) == ["alice"])
            #expect(try await place.commands().isEmpty)
            #expect(try await move(nil, true) == .init(accounts: 1, sessions: 2))
            #expect(try await place.commands() == expected(place, "group-changed"))
            for name in ["", "Élus", "-a", String(repeating: "a", count: 64)] {
                await #expect(throws: StoreError(.invalid, "")) { _ = try await move(name, false) }
            }
            #expect(try await move(String(repeating: "a", count: 63), false).accounts == 1)
        }
    }

    @Test func `lists accounts by login, closed ones where they are asked for, so many at most`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let accounts = Accounts(here.owner)
            _ = try await WiFiKeys(here.owner, keys: here.keys).create(
                NewWiFiKey(account: place.account.id), of: place.organisation)
            let all = try await accounts.list(of: place.organisation)
            #expect(all.map(\.account.login) == ["alice", "bob"])
            #expect(all.map(\.sessions) == [2, 1] && all.map(\.wifiKeys) == [1, 0])
            #expect(all.allSatisfy { !$0.keepsNTHash && $0.lastSeenOn == nil })
            try await accounts.markSeen([place.account.id], on: CivilDay(noon, in: .gmt))
            #expect(try await accounts.inspect(login: "alice")?.lastSeenOn == CivilDay(noon, in: .gmt))
            try await accounts.close(place.account.id, of: place.organisation, at: noon)
            #expect(try await accounts.list(of: place.organisation).map(\.account.login) == ["bob"])
            #expect(try await accounts.list(of: place.organisation, includingClosed: true).count == 2)
            #expect(try await accounts.list(of: place.organisation, includingClosed: true, limit: 1).count == 1)
            #expect(try await accounts.inspect(login: "nobody") == nil)
        }
    }
}
