import ArgumentParser
import Foundation
import Store
import Territory

/// `socle wifi-key`: WPA keys of households and devices.
struct WiFiKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wifi-key",
        abstract: "WPA keys of a household or a device (DPSK, iPSK, MPSK), which access points ask for.",
        subcommands: [Create.self, List.self, Show.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a WPA key of an account.",
            discussion: """
                With --device the key is that device's, which needs nothing else to be let in; without, it is that of every \
                device that holds a grant of the account. What they use counts for the account. The equipment has to ask \
                for keys by RADIUS: hostapd, MikroTik, Aruba and Cisco can.
                """)

        @Argument(help: "Login of the account.") var login: String
        @Option(help: "The device's MAC address, in any spelling.") var device: String?
        @Option(help: "Slug of the only site it works at; otherwise every site of the same commune.") var site: String?
        @Option(help: "The group of its sites' packages that the devices are in, if not the account's.")
        var group: String?
        @Option(
            help: ArgumentHelp(
                "File with the passphrase, 8 to 63 characters of ASCII; - is standard input.",
                discussion: "Otherwise one is made and shown.", valueName: "file"),
            completion: .file())
        var passphraseFile: String?
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if let device, MACAddress(device) == nil { throw ValidationError("--device \(device) is no MAC address") }
            try GroupName.validate(group)
        }

        func run() async throws {
            let passphrase = try passphraseFile.map(Self.read)
            try await Administration.run(installation) { administration in
                let account = try await administration.account(login: login)
                let site = if let site { try await administration.site(slug: site) } else { Site?.none }
                guard site.map({ $0.organisationID == account.organisationID }) ?? true else {
                    throw Failure(.data, "the site is not of the commune that the account belongs to")
                }
                let made = try await administration.wifiKeys.create(
                    NewWiFiKey(
                        account: account.id, site: site?.id, device: device.flatMap { MACAddress($0) }, group: group,
                        passphrase: passphrase),
                    of: account.organisationID)
                try await administration.record(
                    "wifi-key.create", organisation: account.organisationID,
                    ["account": "\(account.id)", "key": "\(made.key.id)"])
                Console.print("key \(made.key.id) of \(account.login)\n  passphrase  \(made.passphrase.text ?? "")")
                try await administration.warnOfUnknownGroup(group, of: account.organisationID)
            }
        }

        private static func read(_ path: String) throws -> Secret {
            guard let passphrase = try CommandFile.secret(path).text.flatMap(WiFiKey.passphrase) else {
                throw Failure(.data, "a passphrase has 8 to 63 characters of ASCII")
            }
            return passphrase
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a WPA key back.",
            discussion: """
                It lets nobody in on any node within a second, and the sessions of its device, or of its household, are \
                disconnected; whoever has another right comes back with that.
                """)

        @Argument(help: "Its number, as socle wifi-key list shows it.") var id: Int64
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await Administration.run(installation) { administration in
                let key = try await administration.wifiKey(id)
                let sessions = try await administration.wifiKeys.revoke(key.id, of: key.organisationID, at: .now)
                guard let sessions else { return Console.print("key \(id) was taken back before") }
                try await administration.record(
                    "wifi-key.revoke", organisation: key.organisationID,
                    ["key": "\(id)", "account": "\(key.accountID)", "sessions": "\(sessions)"])
                Console.print("key \(id) taken back, \(sessions) sessions being disconnected")
            }
        }
    }
}

extension Administration {
    var wifiKeys: WiFiKeys { WiFiKeys(client, keys: keys) }

    func wifiKey(_ id: Int64) async throws -> WiFiKey {
        guard let key = try await wifiKeys.find(WiFiKeyID(id)) else {
            throw Failure(.notFound, "there is no WPA key \(id)", mend: "socle wifi-key list shows them")
        }
        return key
    }
}
