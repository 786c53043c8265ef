import ArgumentParser
import Store
import Territory

/// `socle account`: logins that people keep.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Logins that people keep, with a password.",
        subcommands: [Create.self, List.self, Show.self, Password.self, Close.self, Reopen.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open an account.",
            discussion: """
                The password is the first line of standard input or of --password-file: at most \
                \(ChosenPassword.maximumOctets) octets. Its yescrypt hash is stored, with --nt-hash its NT hash \
                too, and never itself.
                """)

        @Argument(help: "Its login.") var login: String
        @Option(help: "INSEE code of the commune or other body it belongs to.") var commune: String
        @Option(help: "The group of its sites' packages it is in.") var group: String?
        @OptionGroup var password: PasswordOptions
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard (1...253).contains(login.count), !login.contains(where: \.isWhitespace) else {
                throw ValidationError("the login has 1 to 253 characters and no space")
            }
            // The access daemon would take it for what it looks like and never find the account.
            guard VoucherCode(typed: login) == nil, !GrantCredential.isLogin(login) else {
                throw ValidationError("this login reads like a voucher's code: add a letter, a dot and a name, or an @")
            }
            try GroupName.validate(group)
        }

        func run() async throws {
            let password = try password.read()
            try await Administration.run(installation) { administration in
                let organisation = try await administration.organisation(code: commune)
                let account = try await administration.passwords.open(
                    login: login, hash: password.hash, nt: password.nt, of: organisation.id, group: group)
                try await administration.record(
                    "account.create", organisation: organisation.id,
                    ["account": "\(account.id)", "nt_hash": "\(password.nt != nil)", "group": group ?? ""])
                Console.print("account \(account.login) opened for \(organisation.name)")
                try await administration.warnOfUnknownGroup(group, of: organisation.id)
            }
        }
    }
}
