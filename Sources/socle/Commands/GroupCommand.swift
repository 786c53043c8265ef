import ArgumentParser
import Foundation
import Store
import Territory

/// `socle group`: which accounts get the VLAN, role and rights of a group of their sites' packages.
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Groups: who gets which VLAN, role and rights.",
        discussion: "What a group gives is in the package of each site; here it is said who is in it.",
        subcommands: [List.self, Add.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the groups of a site's package, with how many are in each.",
            discussion: "And those that the package does not have, which are like none.")

        @Option(help: "Slug of the site.") var site: String
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        struct Entry: Encodable {
            let group: String
            let inPackage: Bool
            let vlan: Int?
            let role, rights: String?
            let accounts, vouchers, wifiKeys: Int
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let site = try await administration.site(slug: site)
                let plans = try await administration.sites.withPackages([site.id]).first?.package.groups ?? [:]
                let members = try await administration.accounts.groups(of: site.organisationID, at: .now)
                let entries = Set(plans.keys).union(members.keys).sorted().map { name in
                    let (plan, count) = (plans[name], members[name] ?? GroupMembers())
                    return Entry(
                        group: name, inPackage: plan != nil, vlan: plan?.vlan, role: plan?.role,
                        rights: plan?.rights?.json, accounts: count.accounts, vouchers: count.vouchers,
                        wifiKeys: count.wifiKeys)
                }
                if json { return try Console.json(entries) }
                Console.print(Self.table(entries).text)
            }
        }

        private static func table(_ entries: [Entry]) -> Table {
            let numbers = ["VLAN", "accounts", "vouchers", "WPA keys"]
            var table = Table(
                ["group", "VLAN", "role", "rights", "accounts", "vouchers", "WPA keys"], right: Set(numbers))
            for entry in entries {
                table.add([
                    entry.group, entry.vlan.map(String.init) ?? "", entry.role ?? "",
                    entry.rights ?? (entry.inPackage ? "" : "not in the package"), "\(entry.accounts)",
                    "\(entry.vouchers)", "\(entry.wifiKeys)",
                ])
            }
            return table
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put accounts into a group, and out of the one they were in.")

        @Argument(help: "The group.") var group: String
        @OptionGroup var members: GroupMemberOptions

        func validate() throws { try GroupName.validate(group) }

        func run() async throws { try await members.move(to: group) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take accounts out of the group they are in.")

        @OptionGroup var members: GroupMemberOptions

        func run() async throws { try await members.move(to: nil) }
    }
}

/// The accounts that change their group.
struct GroupMemberOptions: ParsableArguments {
    @Argument(help: "Logins of the accounts.") var logins: [String]
    @Flag(help: "End their sessions: their devices come back in the group.") var disconnect = false
    @Flag(help: "Say what would be changed and change nothing.") var dryRun = false
    @OptionGroup var installation: InstallationOptions

    /// Moves them; nil: into none.
    func move(to group: String?) async throws {
        try await Administration.run(installation) { administration in
            let found = try await administration.accounts.find(logins)
            let missing = Set(logins.map { $0.lowercased() }).subtracting(found.keys).sorted()
            guard missing.isEmpty else {
                throw Failure(
                    .notFound, "there are no accounts \(missing.joined(separator: ", ")); nothing is changed",
                    mend: "socle account list --commune CODE shows them")
            }
            let changing = found.values.filter { $0.group != group }
            let place = group.map { "into “\($0)”" } ?? "out of their group"
            if dryRun {
                return Console.print("would move \(changing.count) of \(found.count) \(place); nothing is changed")
            }
            var (moved, sessions) = (0, 0)
            for (organisation, accounts) in Dictionary(grouping: changing, by: \.organisationID) {
                let change = try await administration.accounts.setGroup(
                    group, of: accounts.map(\.id), in: organisation, disconnecting: disconnect)
                (moved, sessions) = (moved + change.accounts, sessions + change.sessions)
                try await administration.record(
                    group == nil ? "group.remove" : "group.add", organisation: organisation,
                    ["group": group ?? "", "accounts": accounts.map(\.id.description).sorted().joined(separator: " ")])
                try await administration.warnOfUnknownGroup(group, of: organisation)
            }
            Console.print(
                "\(moved) of \(found.count) moved \(place)"
                    + (disconnect ? ", \(sessions) sessions being disconnected" : ""))
        }
    }
}
