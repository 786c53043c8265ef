import ArgumentParser
import Foundation
import Store
import Territory

extension AccountCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the accounts of a commune or other body.",
            discussion: "Without their passwords. Each look is recorded.")

        @Option(help: "INSEE code of the commune or other body.") var commune: String
        @Option(help: "Only those in this group.") var group: String?
        @Flag(help: "Those that are closed too.") var closed = false
        @Option(help: "As many at most, in the order of their logins.") var limit = 1_000
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit: 1 to 1000000") }
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let organisation = try await administration.organisation(code: commune)
                let found = try await administration.accounts.list(
                    of: organisation.id, group: group, includingClosed: closed, limit: limit + 1)
                try await administration.record("account.list", organisation: organisation.id)
                let reports = found.prefix(limit).map { AccountReport($0, organisation: organisation.name) }
                if json { try Console.json(reports) } else { Console.print(AccountReport.table(reports).text) }
                if found.count > limit { Console.error("there are more than \(limit): raise --limit") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an account.", discussion: "Without its password. Each look is recorded.")

        @Argument(help: "Its login.") var login: String
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                guard let found = try await administration.accounts.inspect(login: login) else {
                    throw Administration.noAccount(login)
                }
                let id = found.account.organisationID
                try await administration.record(
                    "account.show", organisation: id, ["account": "\(found.account.id)"])
                let organisation = try await administration.organisations.list().first { $0.id == id }
                let report = AccountReport(found, organisation: organisation?.name ?? "\(id)")
                if json { return try Console.json(report) }
                Console.print(report.text)
            }
        }
    }
}

/// An account for people and for JSON.
struct AccountReport: Encodable {
    let login, organisation: String
    let group: String?
    let openedAt: Date
    let closedAt: Date?
    let lastSeenOn: String?
    let ntHash: Bool
    let rights: String?
    let sessions, wifiKeys: Int

    init(_ found: AccountInspection, organisation: String) {
        let account = found.account
        (login, self.organisation, group) = (account.login, organisation, account.group)
        (openedAt, closedAt, lastSeenOn) = (found.openedAt, account.closedAt, found.lastSeenOn?.description)
        (ntHash, rights) = (found.keepsNTHash, account.rights?.json)
        (sessions, wifiKeys) = (found.sessions, found.wifiKeys)
    }

    /// One fact a line.
    var text: String {
        let facts: [(String, String?)] = [
            ("account", login), ("organisation", organisation), ("group", group),
            ("opened", openedAt.formatted(.iso8601)), ("closed", closedAt?.formatted(.iso8601)),
            ("last seen", lastSeenOn ?? "never"), ("MS-CHAPv2", ntHash ? "yes, its NT hash is kept" : "no"),
            ("rights of its own", rights), ("sessions", "\(sessions)"), ("WPA keys", "\(wifiKeys)"),
        ]
        return facts.compactMap { name, value in value.map { "\(name): \($0)" } }.joined(separator: "\n")
    }

    /// One account a line.
    static func table(_ reports: [AccountReport]) -> Table {
        var table = Table(
            ["login", "group", "last seen", "MS-CHAPv2", "sessions", "WPA keys", "closed"],
            right: ["sessions", "WPA keys"])
        for report in reports {
            table.add([
                report.login, report.group ?? "", report.lastSeenOn ?? "never", report.ntHash ? "yes" : "",
                "\(report.sessions)", "\(report.wifiKeys)", report.closedAt?.formatted(.iso8601) ?? "",
            ])
        }
        return table
    }
}
