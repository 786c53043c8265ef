import Foundation
import Testing

@testable import socle

/// Accounts, groups and WPA keys from the command line, against a private PostgreSQL.
@Suite(.serialized, .timeLimit(.minutes(3))) struct AccountVerbsTests {
    private static let login = "agent@vaucouleurs.example"

    /// An installation whose portal runs, which brings the database with it, with a site.
    private func serving(_ body: (TrialInstallation) async throws -> Void) async throws {
        try await TrialInstallation.with { trial in
            let server = try RunningServer(["portal"] + trial.options)
            try await server.logs("started", "daemon=portal")
            let communes = ConfigurationTests.packageRoot.appending(path: "config/territory/communes-55.csv").path
            #expect(try await trial.socle("territory", "import", communes).status == 0)
            let site = try await trial.socle(
                "site", "create", "--commune", "55533", "--package", "mairie", "--name", "Mairie", "--gateway", "g1",
                "--profile", "hostapd", "--source", "192.0.2.7")
            #expect(site.status == 0, "\(site.error)")
            try await body(trial)
            server.signal(SIGTERM)
            #expect(try await server.ended() == 0)
        }
    }

    private func json(_ outcome: Executable.Outcome) throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(value as? [[String: Any]], "\(outcome.output)\(outcome.error)")
    }

    @Test func `an account is opened, shown, given another password, closed and opened again; groups and WPA keys`()
        async throws
    {
        try await serving { trial in
            try await accounts(trial)
            try await groups(trial)
            try await wifiKeys(trial)
        }
    }

    private func accounts(_ trial: TrialInstallation) async throws {
        let create = ["account", "create", "Agent@Vaucouleurs.example", "--commune", "55533", "--nt-hash"]
        let long = try await Executable.run(create + trial.options, input: String(repeating: "a", count: 129) + "\n")
        #expect(long.status == socle.ExitStatus.data.rawValue && long.error.contains("RFC 2865 §5.2"), "\(long.error)")
        let opened = try await Executable.run(create + trial.options, input: "fontaine\n")
        #expect(opened.output == "account \(Self.login) opened for Vaucouleurs\n", "\(opened.error)")
        let twice = try await Executable.run(create + trial.options, input: "lavoir\n")
        #expect(twice.status == socle.ExitStatus.exists.rawValue)

        let shown = try await trial.socle("account", "show", Self.login)
        #expect(shown.output.contains("MS-CHAPv2: yes") && shown.output.contains("last seen: never"), "\(shown.output)")
        #expect(!shown.output.contains("$y$") && !shown.output.contains("fontaine"))
        let changed = try await trial.socle("account", "password", Self.login, "--disconnect", input: "lavoir\n")
        #expect(changed.output.contains("another password, 0 sessions being disconnected"), "\(changed.error)")
        #expect(try await trial.socle("account", "show", Self.login).output.contains("MS-CHAPv2: no"))

        #expect(try await trial.socle("account", "close", Self.login).output.contains("closed, 0 sessions"))
        #expect(try await trial.socle("account", "close", Self.login).output.contains("closed before"))
        #expect(try json(try await trial.socle("account", "list", "--commune", "55533", "--json")).isEmpty)
        let closed = try json(try await trial.socle("account", "list", "--commune", "55533", "--closed", "--json"))
        #expect(closed.first?["login"] as? String == Self.login && closed.first?["closed_at"] is String)
        #expect(try await trial.socle("account", "reopen", Self.login).output.contains("opened again"))
        #expect(try await trial.socle("account", "reopen", Self.login).output.contains("is open"))
        for verb in ["show", "close", "reopen"] {
            let nobody = try await trial.socle("account", verb, "nobody@vaucouleurs.example")
            #expect(nobody.status == socle.ExitStatus.notFound.rawValue && nobody.error.contains("account list"))
        }
    }

    private func groups(_ trial: TrialInstallation) async throws {
        let dry = try await trial.socle("group", "add", "agents", Self.login, "--dry-run")
        #expect(dry.output == "would move 1 of 1 into “agents”; nothing is changed\n", "\(dry.error)")
        let added = try await trial.socle("group", "add", "agents", Self.login)
        #expect(added.output == "1 of 1 moved into “agents”\n")
        #expect(added.error.contains("until one has, it is like none"), "the package mairie has no groups")
        let listed = try json(try await trial.socle("group", "list", "--site", "mairie-vaucouleurs", "--json"))
        #expect(listed.first?["group"] as? String == "agents" && listed.first?["accounts"] as? Int == 1)
        #expect(listed.first?["in_package"] as? Bool == false)
        let unknown = try await trial.socle("group", "add", "elus", Self.login, "nobody")
        #expect(unknown.status == socle.ExitStatus.notFound.rawValue && unknown.error.contains("nothing is changed"))
        let misnamed = try await trial.socle("group", "add", "Élus", Self.login)
        #expect(misnamed.status == socle.ExitStatus.usage.rawValue)
        let removed = try await trial.socle("group", "remove", Self.login, "--disconnect")
        #expect(removed.output == "1 of 1 moved out of their group, 0 sessions being disconnected\n")
    }

    private func wifiKeys(_ trial: TrialInstallation) async throws {
        let made = try await trial.socle(
            "wifi-key", "create", Self.login, "--device", "0200.5e00.5301", "--site", "mairie-vaucouleurs")
        let passphrase = try #require(made.output.firstMatch(of: /passphrase  (\S+)/)?.1, "\(made.error)")
        let again = try await trial.socle(
            "wifi-key", "create", Self.login, "--device", "02-00-5E-00-53-01", "--site", "mairie-vaucouleurs")
        #expect(again.status == socle.ExitStatus.exists.rawValue, "one device, one key: \(again.error)")
        let short = try await trial.socle("wifi-key", "create", Self.login, "--passphrase-file", "-", input: "court\n")
        #expect(short.status == socle.ExitStatus.data.rawValue && short.error.contains("8 to 63"))

        let listed = try await trial.socle("wifi-key", "list", Self.login, "--json")
        let key = try #require(try json(listed).first)
        #expect(key["device"] as? String == "02:00:5e:00:53:01" && !listed.output.contains(passphrase))
        let id = "\(try #require(key["id"] as? Int))"
        #expect(try await trial.socle("wifi-key", "show", id).output == passphrase + "\n")
        #expect(try await trial.socle("wifi-key", "list", "--commune", "55533").output.contains(Self.login))
        #expect(
            try await trial.socle("wifi-key", "revoke", id).output
                == "key \(id) taken back, 0 sessions being disconnected\n")
        #expect(try await trial.socle("wifi-key", "revoke", id).output == "key \(id) was taken back before\n")
        #expect(try json(try await trial.socle("wifi-key", "list", "--commune", "55533", "--json")).isEmpty)
        #expect(try await trial.socle("wifi-key", "revoke", "999").status == socle.ExitStatus.notFound.rawValue)
        let neither = try await trial.socle("wifi-key", "list")
        #expect(neither.status == socle.ExitStatus.usage.rawValue)
    }
}
