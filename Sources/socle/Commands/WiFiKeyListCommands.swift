import ArgumentParser
import Foundation
import Store
import Territory

extension WiFiKeyCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the WPA keys of an account, or those of a commune that work.",
            discussion: "Without their passphrases. Each look is recorded.")

        @Argument(help: "Login of the account: keys that were taken back are listed too.") var login: String?
        @Option(help: "INSEE code of the commune or other body.") var commune: String?
        @Option(help: "As many at most, in the order they were made.") var limit = 1_000
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        struct Entry: Encodable {
            let id: Int64
            let login: String
            let device, site, group: String?
            let createdAt: Date
            let revokedAt: Date?
        }

        func validate() throws {
            guard (login == nil) != (commune == nil) else {
                throw ValidationError("one of LOGIN and --commune is needed")
            }
            guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit: 1 to 1000000") }
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let (organisation, keys) = try await keys(administration)
                try await administration.record("wifi-key.list", organisation: organisation)
                let logins = try await administration.accounts.logins(of: Set(keys.map(\.accountID)))
                let slugs = Dictionary(
                    try await administration.sites.list(of: organisation).map { ($0.id, $0.slug.rawValue) }
                ) { first, _ in first }
                let entries = keys.map { key in
                    Entry(
                        id: key.id.rawValue, login: logins[key.accountID] ?? "", device: key.device?.description,
                        site: key.siteID.flatMap { slugs[$0] }, group: key.group, createdAt: key.createdAt,
                        revokedAt: key.revokedAt)
                }
                if json { return try Console.json(entries) }
                var table = Table(["id", "account", "device", "site", "group", "made", "taken back"], right: ["id"])
                for entry in entries {
                    table.add([
                        "\(entry.id)", entry.login, entry.device ?? "all with a grant", entry.site ?? "all",
                        entry.group ?? "", entry.createdAt.formatted(.iso8601),
                        entry.revokedAt?.formatted(.iso8601) ?? "",
                    ])
                }
                Console.print(table.text)
                if commune != nil, keys.count == limit {
                    Console.error("there may be more than \(limit): raise --limit")
                }
            }
        }

        private func keys(_ administration: Administration) async throws -> (OrganisationID, [WiFiKey]) {
            if let login {
                let account = try await administration.account(login: login)
                let keys = try await administration.wifiKeys.list(account: account.id, of: account.organisationID)
                return (account.organisationID, keys)
            }
            let organisation = try await administration.organisation(code: commune ?? "")
            return (organisation.id, try await administration.wifiKeys.list(of: organisation.id, limit: limit))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the passphrase of a WPA key, for a household that has lost it. Each look is recorded.")

        @Argument(help: "Its number, as socle wifi-key list shows it.") var id: Int64
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let key = try await administration.wifiKey(id)
                try await administration.record(
                    "wifi-key.show", organisation: key.organisationID, ["key": "\(id)", "account": "\(key.accountID)"])
                let passphrase = try await administration.wifiKeys.passphrase(key.id, of: key.organisationID)
                Console.print(passphrase?.text ?? "")
            }
        }
    }
}
