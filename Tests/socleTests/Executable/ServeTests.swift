import Foundation
import Testing

@testable import socle

/// The executable as an operator meets it. One at a time: each starts a PostgreSQL server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServeTests {
    private func health(_ port: Int) async -> AdminProbe.Health? {
        await AdminProbe(listen: ListenAddress(host: "127.0.0.1", port: port)).health()
    }

    /// A daemon has started before it is ready: it learns the gateways first.
    private func healthOnceReady(_ port: Int) async throws -> AdminProbe.Health? {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let report = await health(port)
            if report?.components.values.contains(where: { $0.state == "starting" }) == false { return report }
            await Task.yield()
        }
        return await health(port)
    }

    @Test func `serves on an embedded PostgreSQL, takes verbs, survives kill -9, and ends cleanly on SIGTERM`()
        async throws
    {
        try await TrialInstallation.with { trial in
            let first = try RunningServer(trial.options)
            try await first.logs("started", "daemon=portal")
            try await first.logs("started", "daemon=access")
            let report = try await healthOnceReady(try await first.port(of: "admin"))
            #expect(report?.status == "ok" || report?.status == "degraded", "\(String(describing: report))")
            #expect(Set(report?.components.keys.map(\.self) ?? []) == ["postgres", "database", "access", "portal"])
            try await fill(trial)

            first.signal(SIGKILL)
            _ = try await first.ended()
            let second = try RunningServer(trial.options)
            try await second.logs("started", "daemon=portal")
            let sites = try await trial.socle("site", "list", "--json")
            #expect(sites.output.contains("\"slug\" : \"mairie-vaucouleurs\""))

            second.signal(SIGTERM)
            #expect(try await second.ended() == 0)
            #expect(!FileManager.default.fileExists(atPath: trial.embedded + "/postgres/data/postmaster.pid"))
            let away = try await trial.socle("site", "list")
            #expect(away.status == socle.ExitStatus.unavailable.rawValue)
            #expect(away.error.split(separator: "\n").count == 1)
        }
    }

    /// The verbs, with what goes wrong in each.
    private func fill(_ trial: TrialInstallation) async throws {
        let communes = ConfigurationTests.packageRoot.appending(path: "config/territory/communes-55.csv").path
        let imported = try await trial.socle("territory", "import", communes)
        #expect(imported.output.contains("501 communes created"), "\(imported.error)")
        #expect(try await trial.socle("territory", "import", communes).output.contains("501 unchanged"))

        let faulty = trial.folder + "/faulty.csv"
        try "code_insee;nom\n55029;Bar\n5502;Nulle part\n".write(toFile: faulty, atomically: true, encoding: .utf8)
        let refused = try await trial.socle("territory", "import", faulty)
        #expect(refused.status == socle.ExitStatus.data.rawValue)
        #expect(refused.error.contains("faulty.csv:3:"))

        let created = try await trial.socle(
            "site", "create", "--commune", "55533", "--package", "mairie", "--name", "Mairie", "--gateway", "g1",
            "--profile", "opennds", "--source", "192.0.2.7")
        #expect(created.output.contains("RADIUS secret"), "\(created.error)")
        let twice = try await trial.socle(
            "nas", "add", "--site", "mairie-vaucouleurs", "--name", "g2", "--profile", "opennds", "--source",
            "192.0.2.7")
        #expect(twice.status == socle.ExitStatus.exists.rawValue)
        let clone = try await trial.socle("site", "clone", "mairie-vaucouleurs", "--commune", "55545")
        #expect(clone.output.contains("mairie-verdun"))
        #expect(try await trial.socle("site", "show", "nowhere").status == socle.ExitStatus.notFound.rawValue)

        let csv = trial.folder + "/vouchers.csv"
        _ = try await trial.socle("voucher", "create", "--site", "mairie-vaucouleurs", "--count", "25", "--csv", csv)
        let rows = try String(contentsOfFile: csv, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.count == 26)
        let mode = try FileManager.default.attributesOfItem(atPath: csv)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let code = String(rows[1].prefix(11))
        let revoked = try await trial.socle("voucher", "revoke", "--site", "mairie-vaucouleurs", code.lowercased())
        #expect(revoked.output.hasPrefix("1 of 1 taken back"), "\(revoked.error)")

        let account = try await trial.socle(
            "account", "create", "Elu", "--commune", "55533", input: "un mot de passe\n")
        #expect(account.output.contains("account elu opened"), "\(account.error)")
        #expect(try await trial.socle("migrate", "--dry-run").output.contains("0 to apply"))
        let doctor = try await trial.socle("doctor")
        #expect(doctor.output.contains("gateway g1"), "\(doctor.output)\(doctor.error)")
    }

    @Test func `waits for a database that is away at start, says so, and ends cleanly`() async throws {
        try await TrialInstallation.with(
            "database: { access: \"host=/nonexistent user=a\", portal: \"host=/nonexistent user=b\" }"
        ) { trial in
            let server = try RunningServer(["portal", "--config", trial.config])
            try await server.logs("waiting for the database")
            let report = await health(try await server.port(of: "admin"))
            #expect(report?.status == "unavailable")
            #expect(report?.components["database"]?.state == "starting")
            server.signal(SIGTERM)
            #expect(try await server.ended() == 0)
        }
    }

    @Test func `refuses a cluster of another major version and says what to do`() async throws {
        try await TrialInstallation.with { trial in
            let data = trial.embedded + "/postgres/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            try "9\n".write(toFile: data + "/PG_VERSION", atomically: true, encoding: .utf8)
            let server = try RunningServer(trial.options)
            #expect(try await server.ended() == socle.ExitStatus.configuration.rawValue)
            #expect(server.log.contains("pg_dumpall"))
        }
    }

    @Test func `refuses a schema older than itself, and an edited migration by name`() async throws {
        try await TrialInstallation.with { trial in
            let running = try RunningServer(trial.options)
            try await running.logs("the database is ready")
            let migrations = trial.folder + "/migrations"
            try FileManager.default.copyItem(
                atPath: ConfigurationTests.packageRoot.appending(path: "migrations").path, toPath: migrations)
            var configuration = try Configuration.load(file: trial.config)
            try configuration.use(embedded: EmbeddedDirectory(path: trial.embedded))
            let count = try FileManager.default.contentsOfDirectory(atPath: migrations).count { $0.hasPrefix("0") }
            let next = String(String(10_000 + count + 1).suffix(4)) + "_next.sql"
            try "SELECT 1;".write(toFile: "\(migrations)/\(next)", atomically: true, encoding: .utf8)
            let database = """
                installation_key: \(trial.embedded)/installation.key
                database:
                  owner: "\(configuration.database.owner)"
                  access: "\(configuration.database.access)"
                  portal: "\(configuration.database.portal)"
                """
            try await TrialInstallation.with(database, migrations: migrations) { newer in
                let server = try RunningServer(["--config", newer.config])
                #expect(try await server.ended() == socle.ExitStatus.configuration.rawValue)
                #expect(server.log.contains("the database lacks \(next); run socle migrate"))

                let edited = try #require(
                    try FileManager.default.contentsOfDirectory(atPath: migrations).sorted().first {
                        $0.hasPrefix("0001")
                    })
                try "SELECT 2;".write(toFile: "\(migrations)/\(edited)", atomically: true, encoding: .utf8)
                let refused = try await Executable.run(["migrate", "--config", newer.config])
                #expect(refused.status == socle.ExitStatus.configuration.rawValue)
                #expect(refused.error.contains(edited))
            }
            running.signal(SIGTERM)
            #expect(try await running.ended() == 0)
        }
    }
}

@Suite struct CommandTests {
    @Test func `tells every fault of a configuration at once, with status 78`() async throws {
        try await TrialInstallation.with("logging: { level: loud }\ntypo: 1") { trial in
            let outcome = try await Executable.run(["check-config", "--config", trial.config])
            #expect(outcome.status == socle.ExitStatus.configuration.rawValue)
            #expect(outcome.error.split(separator: "\n").count == 2)
            #expect(outcome.output.isEmpty)
        }
    }

    @Test(arguments: [
        ["--help"], ["serve", "--help"], ["help", "site", "create"], ["--version"],
        ["--generate-completion-script", "bash"],
    ])
    func `helps on request, with status 0`(arguments: [String]) async throws {
        let outcome = try await Executable.run(arguments)
        #expect(outcome.status == 0)
        #expect(!outcome.output.isEmpty)
    }

    @Test(arguments: [
        ["frobnicate"], ["serve", "telnet"], ["voucher", "create", "--site", "x", "--count", "0"],
        ["nas", "add", "--site", "x", "--name", "y"],
        ["site", "create", "--commune", "1", "--package", "p", "--name", "n", "--source", "10.0.0.1"],
    ])
    func `a wrong command line ends with status 64`(arguments: [String]) async throws {
        #expect(try await Executable.run(arguments).status == socle.ExitStatus.usage.rawValue)
    }

    @Test func `lists and shows packages, and tells a fault of one with file, line and key`() async throws {
        try await TrialInstallation.with { trial in
            let list = try await Executable.run(["package", "list", "--config", trial.config])
            #expect(list.output.contains("salle-des-fetes"))
            let shown = try await Executable.run(["package", "show", "mairie", "--config", trial.config])
            #expect(shown.output.contains("\"session_seconds\""))
            let folder = trial.folder + "/packages"
            try FileManager.default.copyItem(
                atPath: ConfigurationTests.packageRoot.appending(path: "config/packages").path, toPath: folder)
            let file = folder + "/mairie.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("session_seconds: 14400", with: "session_seconds: forever")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let faulty = try await Executable.run(["package", "validate", file, "--config", trial.config])
            #expect(faulty.status == socle.ExitStatus.findings.rawValue)
            #expect(faulty.output.contains(#/mairie\.yaml:\d+:\d+: rights\.session_seconds: /#))
        }
    }
}
