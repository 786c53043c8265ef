import Foundation

extension Installation {
    /// What libpq needs to reach the private database.
    var databaseAddress: String { "host=\(embedded)/postgres/run dbname=socle user=postgres" }

    /// Runs a verb of the command line on this installation.
    @discardableResult
    func socle(_ arguments: String...) async throws -> String { try await socle(arguments) }

    /// A commune, a site of it and its gateway, as an operator makes them.
    func furnish() async throws {
        let communes = try write("communes.csv", "code_insee,nom\n55029,Bar-le-Duc\n")
        let secret = try write("radius-secret", secret), key = try write("portal-key", portalKey)
        try await socle("territory", "import", communes)
        try await socle(
            [
                "site", "create", "--commune", "55029", "--package", "always-open", "--name", "Mairie de Bar-le-Duc",
                "--slug", slug, "--gateway", gatewayName, "--profile", gateway.profile, "--source",
                lab == nil ? "127.0.0.1" : Lab.Address.gateway, "--secret-file", secret,
            ] + (gateway.hasPortalKey ? ["--portal-key-file", key] : [])
                + (gateway.isCommanded ? ["--coa-port", String(ports.authorization)] : []))
    }

    /// A package like the shipped ones, without opening hours: a test must not fail at night.
    func writePackages() throws -> String {
        let folder = folder.url.appending(path: "packages")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let base = try Product.root().appending(path: "config/packages/commune-base.yaml")
        try Data(contentsOf: base).write(to: folder.appending(path: "commune-base.yaml"))
        let text = """
            package: always-open
            version: 1
            extends: commune-base
            title: {fr: Mairie, en: Town hall}
            description: {fr: "Accueil du public de la mairie.", en: "Public areas of the town hall."}
            networks:
              - {name: public, ssid: "Mairie {commune}", vlan: 30, encryption: open, handoff: \(gateway.handoff)}
            login:
              methods: [click-through, voucher\(gateway.takesPasswords ? ", account" : "")]
              voucher: {valid_seconds: 86400, devices: 2}

            """
        try text.write(to: folder.appending(path: "always-open.yaml"), atomically: true, encoding: .utf8)
        return folder.path
    }

    /// The shipped equipment profiles, and one of a make that authenticates a device again when a CoA says so.
    func writeProfiles() throws -> String {
        let folder = folder.url.appending(path: "equipment")
        try FileManager.default.copyItem(at: try Product.root().appending(path: "config/equipment"), to: folder)
        let text = """
            profile: by-command
            title: Access point with a command of its own
            handoff: mac-coa
            coa:
              port: 1700
              methods: [coa]
              identify: [Calling-Station-Id]
              reauthenticate: coa
              reauthentication:
                - {attribute: Filter-Id, value: "command=reauthenticate"}

            """
        try text.write(to: folder.appending(path: "by-command.yaml"), atomically: true, encoding: .utf8)
        return folder.path
    }

    /// A new voucher's code, for the site.
    func voucher() async throws -> String {
        try await socle("voucher", "create", "--site", slug).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Takes a voucher back by its code.
    func revoke(_ code: String) async throws { try await socle("voucher", "revoke", "--site", slug, code) }

    /// Opens an account of the commune.
    func account(_ login: String, password: String) async throws {
        let file = try write("password", password + "\n")
        try await socle("account", "create", login, "--commune", "55029", "--password-file", file)
    }

    /// Closes an account.
    func close(_ login: String) async throws { try await socle("account", "close", login) }

    /// Declares another gateway of the site, with the same secret; radclient at that address may speak for it.
    func declareSecondGateway(source: String) async throws -> Radclient {
        try await socle(
            "nas", "add", "--site", slug, "--name", "borne-2", "--profile", gateway.profile, "--source", source,
            "--secret-file", try write("second-secret", secret))
        return radclient
    }

    /// What `socle doctor` says, whatever it concludes.
    func doctor() async throws -> String {
        let options = ["--embedded", embedded, "--config", folder.path("socle.yaml")]
        return try await Command([try Product.executable(), "doctor"] + options).outcome().text
    }

    @discardableResult
    private func socle(_ arguments: [String]) async throws -> String {
        let options = ["--embedded", embedded, "--config", folder.path("socle.yaml")]
        return try await Command([try Product.executable()] + arguments + options).run()
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.path(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
