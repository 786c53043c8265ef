import ArgumentParser
import Store
import Territory

/// `socle account`: logins that people keep.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Logins that people keep, with a password.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open an account.",
            discussion:
                "The password is the first line of standard input or of --password-file; only its yescrypt hash is stored."
        )

        @Argument(help: "Its login.") var login: String
        @Option(help: "INSEE code of the commune or other body it belongs to.") var commune: String
        @Option(help: ArgumentHelp("File with the password.", valueName: "file"), completion: .file())
        var passwordFile = "-"
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard (1...253).contains(login.count), !login.contains(where: \.isWhitespace) else {
                throw ValidationError("the login has 1 to 253 characters and no space")
            }
            // The access daemon would take it for what it looks like and never find the account.
            guard VoucherCode(typed: login) == nil, !GrantCredential.isLogin(login) else {
                throw ValidationError("this login reads like a voucher's code: add a letter, a dot and a name, or an @")
            }
        }

        func run() async throws {
            guard let password = try CommandFile.secret(passwordFile).text, let hash = PasswordHash.yescrypt(password)
            else {
                throw Failure(.data, "the password is not UTF-8 text of at most \(PasswordHash.maximumBytes) octets")
            }
            try await Administration.run(installation) { administration in
                let organisation = try await administration.organisation(code: commune)
                let account = try await administration.accounts.create(
                    login: login, passwordHash: hash, of: organisation.id)
                try await administration.record(
                    "account.create", organisation: organisation.id, ["account": "\(account.id)"])
                Console.print("account \(account.login) opened for \(organisation.name)")
            }
        }
    }
}
