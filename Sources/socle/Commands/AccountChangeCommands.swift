import ArgumentParser
import Foundation
import Store
import Territory

extension AccountCommand {
    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account another password.",
            discussion: """
                The password is the first line of standard input or of --password-file. The one before lets nobody in on any \
                node within a second; without --nt-hash its NT hash is forgotten with it. Who is connected stays so, unless \
                --disconnect.
                """)

        @Argument(help: "Its login.") var login: String
        @OptionGroup var password: PasswordOptions
        @Flag(help: "End its sessions: its devices log in again with the new password.") var disconnect = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let password = try password.read()
            try await Administration.run(installation) { administration in
                let account = try await administration.account(login: login)
                let sessions = try await administration.passwords.set(
                    hash: password.hash, nt: password.nt, of: account.id, in: account.organisationID,
                    disconnecting: disconnect)
                guard let sessions else { throw Administration.noAccount(login) }
                try await administration.record(
                    "account.password", organisation: account.organisationID,
                    ["account": "\(account.id)", "nt_hash": "\(password.nt != nil)", "sessions": "\(sessions)"])
                Console.print(
                    "account \(account.login) has another password"
                        + (disconnect ? ", \(sessions) sessions being disconnected" : ""))
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close an account.",
            discussion: """
                It lets nobody in on any node within a second, nor do its WPA keys and what the portal granted it; its \
                sessions are disconnected. What it used is kept as long as the law wants: socle account reopen undoes it.
                """)

        @Argument(help: "Its login.") var login: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let account = try await administration.account(login: login)
                let sessions = try await administration.accounts.close(
                    account.id, of: account.organisationID, at: .now)
                guard let sessions else { return Console.print("account \(account.login) was closed before") }
                try await administration.record(
                    "account.close", organisation: account.organisationID,
                    ["account": "\(account.id)", "sessions": "\(sessions)"])
                Console.print("account \(account.login) closed, \(sessions) sessions being disconnected")
            }
        }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a closed account again, with the password, group and WPA keys it had.")

        @Argument(help: "Its login.") var login: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let account = try await administration.account(login: login)
                guard try await administration.accounts.reopen(account.id, of: account.organisationID) else {
                    return Console.print("account \(account.login) is open")
                }
                try await administration.record(
                    "account.reopen", organisation: account.organisationID, ["account": "\(account.id)"])
                Console.print("account \(account.login) opened again")
            }
        }
    }
}
