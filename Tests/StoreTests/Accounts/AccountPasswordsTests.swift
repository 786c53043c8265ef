import Foundation
import Postgres
import Store
import Territory
import Testing

@Suite struct AccountPasswordsTests {
    private let crypt = Secret(text: "$y$hash")
    private let hash = Secret((0..<16).map { UInt8($0) })
    private let day = CivilDay(daysSinceEpoch: 20_833)

    private func verifier(_ here: Installation, _ keys: InstallationKeys? = nil) async throws -> KnownLogin.Verifier? {
        try await LoginLookup(here.access, keys: keys ?? here.keys).find(
            [.account(login: "alice")], usageOn: day, now: Installation.noon
        ).values.first?.verifier
    }

    private func alice(_ here: Installation, nt: Secret?) async throws -> (AccountPasswords, OrganisationID, Account) {
        let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
        let passwords = AccountPasswords(here.owner, keys: here.keys)
        let account = try await passwords.open(login: "Alice", hash: crypt, nt: nt, of: organisation)
        return (passwords, organisation, account)
    }

    @Test func `an NT hash is kept sealed, and read with its login under the keys that sealed it`() async throws {
        try await Installation.with { here in
            let (_, _, account) = try await alice(here, nt: hash)
            #expect(account.login == "alice" && account.passwordHash == crypt)
            #expect(try await verifier(here) == .hash(crypt, nt: hash))
            let rows = try await here.owner.query("SELECT nt_hash FROM identity.account")
            let stored = try #require(try rows.first?.decode([UInt8].self, column: 0))
            #expect(stored.count == 44 && !stored.contains(subsequence: hash.bytes))
            #expect(
                try await verifier(here, InstallationKeys(.random())) == .hash(crypt, nt: nil),
                "sealed under other keys it is as if there were none")
        }
    }

    @Test func `an NT hash moved to another account's row does not open there`() async throws {
        try await Installation.with { here in
            let (passwords, organisation, account) = try await alice(here, nt: nil)
            let other = try await passwords.open(login: "bob", hash: crypt, nt: hash, of: organisation)
            _ = try await here.owner.write(
                """
                UPDATE identity.account SET nt_hash = (SELECT nt_hash FROM identity.account WHERE id = \(other.id))
                WHERE id = \(account.id)
                """, repeatable: false)
            #expect(try await verifier(here) == .hash(crypt, nt: nil))
        }
    }

    @Test func `another password comes with its own NT hash or with none`() async throws {
        try await Installation.with { here in
            let (passwords, organisation, account) = try await alice(here, nt: hash)
            let (next, other) = (Secret(text: "$y$next"), Secret(hash.bytes.reversed()))
            #expect(try await passwords.set(hash: next, nt: other, of: account.id, in: organisation) == 0)
            #expect(try await verifier(here) == .hash(next, nt: other))
            #expect(try await passwords.set(hash: crypt, nt: nil, of: account.id, in: organisation) == 0)
            #expect(try await verifier(here) == .hash(crypt, nt: nil))
        }
    }

    @Test func `whoever sets a password without knowing of NT hashes forgets the one before`() async throws {
        try await Installation.with { here in
            _ = try await alice(here, nt: hash)
            _ = try await here.owner.write(
                "UPDATE identity.account SET password_hash = password_hash", repeatable: true)
            #expect(try await verifier(here) == .hash(crypt, nt: hash))
            _ = try await here.owner.write("UPDATE identity.account SET password_hash = '$y$new'", repeatable: true)
            #expect(try await verifier(here) == .hash(Secret(text: "$y$new"), nt: nil))
        }
    }

    @Test func `refuses a hash of another length, a login somebody has and another organisation's account`()
        async throws
    {
        try await Installation.with { here in
            let (passwords, organisation, account) = try await alice(here, nt: hash)
            for length in [15, 17] {
                let wrong = Secret([UInt8](repeating: 1, count: length))
                await #expect(throws: StoreError(.invalid, "")) {
                    try await passwords.set(hash: crypt, nt: wrong, of: account.id, in: organisation)
                }
                await #expect(throws: StoreError(.invalid, "")) {
                    _ = try await passwords.open(login: "bob", hash: crypt, nt: wrong, of: organisation)
                }
            }
            await #expect(throws: StoreError(.duplicate, "")) {
                _ = try await passwords.open(login: "ALICE", hash: crypt, nt: nil, of: organisation)
            }
            #expect(try await here.count("SELECT count(*) FROM identity.account") == 1, "all or nothing")
            let (other, _) = try await here.commune("55002", slug: "mairie-b")
            #expect(try await passwords.set(hash: crypt, nt: nil, of: account.id, in: other) == nil)
            #expect(try await verifier(here) == .hash(crypt, nt: hash))
        }
    }

    @Test func `neither the portal nor the access daemon may set one, and the portal reads none`() async throws {
        try await Installation.with { here in
            let (_, organisation, account) = try await alice(here, nt: hash)
            for client in [here.portal, here.access] {
                await #expect(throws: PostgresError.self) {
                    try await AccountPasswords(client, keys: here.keys)
                        .set(hash: crypt, nt: nil, of: account.id, in: organisation)
                }
            }
            await #expect(throws: PostgresError.self) {
                try await here.portal.query("SELECT nt_hash FROM identity.account")
            }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence other: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
