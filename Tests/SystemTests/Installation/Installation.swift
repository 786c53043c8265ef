import Foundation

/// The real executable with a PostgreSQL of its own, a commune, a site and its gateway: made for one test and then gone.
final class Installation: Sendable {
    /// The gateway of the site.
    enum Gateway: Sendable {
        /// radclient and our accounting load, on this machine.
        case radclient
        case hostapd
        /// hostapd whose devices log in by EAP at the product; in a lab, whose certificate that shows.
        case dot1x
        case opennds
        /// radclient on this machine, and FreeRADIUS as the receiver of its commands; the profile says of what make it is.
        case commanded(String)
        /// A UAM gateway; the portal answers its challenge with `chap` or `pap`.
        case uam(String)

        /// The equipment profile.
        var profile: String {
            switch self {
            case .radclient: "wispr"
            case .commanded(let profile): profile
            case .hostapd, .dot1x: "hostapd"
            case .opennds: "opennds"
            case .uam: "coovachilli"
            }
        }

        /// How it learns of a login, as packages name it.
        var handoff: String {
            switch self {
            case .radclient, .uam: "uam"
            case .hostapd, .dot1x, .commanded: "mac-coa"
            case .opennds: "opennds-fas"
            }
        }

        /// How the portal answers a UAM gateway.
        var uamMethod: String {
            if case .uam(let method) = self { method } else { "chap" }
        }

        /// Whether commands reach it at a port of its own.
        var isCommanded: Bool { if case .commanded = self { true } else { false } }

        /// Whether its devices log in by EAP.
        var speaksEAP: Bool { if case .dot1x = self { true } else { false } }

        /// Whether it asks RADIUS about what a visitor types.
        var takesPasswords: Bool { if case .uam = self { true } else { false } }

        /// Whether it shares a key with the portal.
        var hasPortalKey: Bool {
            switch self {
            case .radclient, .commanded, .hostapd, .dot1x: false
            case .uam, .opennds: true
            }
        }
    }

    let folder: TemporaryFolder
    let ports: Ports
    let slug = "mairie-test"
    let gatewayName = "borne-1"
    let secret = "system-test-radius-secret"
    let portalKey = "0123456789abcdef0123456789abcdef"
    let lab: Lab?
    let gateway: Gateway
    private let server: ServerProcess

    /// Where the database and the spool are.
    var embedded: String { folder.path("data") }

    private init(_ lab: Lab?, _ gateway: Gateway, access: String, logLevel: String) throws {
        folder = try TemporaryFolder("system")
        ports = try lab == nil ? Ports.free() : .standard
        (self.lab, self.gateway) = (lab, gateway)
        let configuration = folder.path("socle.yaml")
        server = ServerProcess(
            arguments: [
                try Product.executable(), "serve", "--embedded", folder.path("data"), "--config", configuration,
            ],
            log: folder.path("socle.log"), admin: ports.admin, lab: lab)
        try configurationText(access, logLevel).write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// Makes an installation for the time of `body` and leaves nothing of it. When `body` throws, the log is kept in
    /// `var/test-logs/NAME.socle.log`. `access` is more of that section of its configuration, indented by two.
    static func during<Value>(
        _ name: String, lab: Lab? = nil, gateway: Gateway = .radclient, access: String = "", logLevel: String = "info",
        _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        let installation = try Installation(lab, gateway, access: access, logLevel: logLevel)
        do {
            try await installation.server.start()
            try await installation.furnish()
            let value = try await body(installation)
            try await installation.server.stop()
            installation.folder.remove()
            return value
        } catch {
            try? Product.keep(URL(filePath: installation.folder.path("socle.log")), as: "\(name).socle.log")
            try? await installation.server.stop()
            installation.folder.remove()
            throw error
        }
    }

    private func configurationText(_ access: String, _ logLevel: String) throws -> String {
        let root = try Product.root()
        let address = lab == nil ? "127.0.0.1" : Lab.Address.server
        let name = lab == nil ? "127.0.0.1" : Lab.Address.portal
        let tls = lab.map {
            """
              tls:
                listen: \(address):\(ports.portalTLS)
                certificate: \($0.folder.path("pki/server.pem"))
                key: \($0.folder.path("pki/server.key"))
            """
        }
        let eap = lab.map {
            """
              eap:
                certificate: \($0.folder.path("pki/server.pem"))
                key: \($0.folder.path("pki/server.key"))
            """
        }
        return """
            paths:
              packages: \(try writePackages())
              equipment: \(try writeProfiles())
              dictionaries: \(root.appending(path: "config/dictionaries").path)
              portal: \(root.appending(path: "config/portal").path)
              migrations: \(root.appending(path: "migrations").path)
            access:
              listen: [\(lab == nil ? "127.0.0.1, \"::1\"" : address)]
              authentication_port: \(ports.authentication)
              accounting_port: \(ports.accounting)
            \(gateway.speaksEAP ? eap ?? "" : "")
            \(access)
            portal:
              listen: \(address):\(ports.portal)
              public_url: http://\(name):\(ports.portal)
              uam_method: \(gateway.uamMethod)
            \(tls ?? "")
            admin:
              listen: 127.0.0.1:\(ports.admin)
            logging:
              level: \(logLevel)
            """
    }

    /// radclient as the site's gateway, where that gateway is.
    var radclient: Radclient {
        guard let lab else { return Radclient(ports: ports, secret: secret) }
        return Radclient(host: Lab.Address.server, ports: ports, secret: secret) {
            lab.command(.gateway, $0, input: $1, limit: 30)
        }
    }

    /// The site's page under a name.
    func portalURL(of name: String, secure: Bool = false) -> String {
        secure ? "https://\(name):\(ports.portalTLS)/\(slug)" : "http://\(name):\(ports.portal)/\(slug)"
    }

    /// Rows of a statement, by psql, as the owner of the tables.
    func query(_ sql: String) async throws -> [[String]] {
        let text = try await Command(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql, databaseAddress]
        ).run()
        return text.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Sessions, open or closed, in the order they began.
    func sessions(where condition: String) async throws -> [SessionRow] {
        try await query(
            "SELECT \(SessionRow.columns) FROM access.every_session WHERE \(condition) ORDER BY started_at, acct_session_id"
        ).compactMap(SessionRow.init)
    }

    /// What became of the commands to gateways, in order; a command that is not done has no outcome yet.
    func outcomes() async throws -> [String] {
        try await query("SELECT coalesce(outcome, '') FROM access.outbox ORDER BY id").map { $0.first ?? "" }
    }

    /// Waits until the commands to gateways have ended so, and tells what became of them where they have not.
    func endsCommands(_ expected: [String]) async throws {
        do {
            try await eventually("the commands end", within: .seconds(20)) { try await outcomes() == expected }
        } catch {
            let rows = try await query(
                "SELECT command, outcome, method, attempts, acknowledged_at, done_at, not_before, now() FROM access.outbox"
            )
            let attempts = try await query("SELECT at, method, reason, result FROM access.session_attempt ORDER BY at")
            throw NeverHappened(description: "\(error); commands \(rows), attempts \(attempts)")
        }
    }

    /// How many logins by a method the authentication log says were accepted.
    func accepts(method: String) async throws -> Int {
        let rows = try await query(
            """
            SELECT coalesce(sum(repeats), 0) FROM access.auth_event
            WHERE result = 'accept' AND method LIKE '\(method)%'
            """)
        return rows.first?.first.flatMap { Int($0) } ?? 0
    }

    /// SIGSTOP for the daemon alone: it goes no further until it is killed.
    func freezeDaemon() { server.freeze() }

    /// SIGKILL for the daemon alone.
    func killDaemon() async throws { try await server.kill() }

    /// SIGKILL for PostgreSQL's first process alone, once it takes connections.
    func killDatabase() async throws { try await signalDatabase(SIGKILL) }

    private func signalDatabase(_ signal: Int32) async throws {
        let path = "\(embedded)/postgres/data/postmaster.pid"
        try await eventually("PostgreSQL is up, and told to end", within: .seconds(60)) {
            // The first line is its number, the eighth how far it is.
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            guard lines.count >= 8, lines[7].hasPrefix("ready"), let number = Int32(lines[0]), number > 1 else {
                return false
            }
            return kill(number, signal) == 0
        }
    }

    /// Stops PostgreSQL in order and keeps it stopped for the time of `body`: its configuration is unreadable, so that it
    /// does not start again before that ends.
    func whileDatabaseIsStopped(_ body: () async throws -> Void) async throws {
        let path = "\(embedded)/postgres/data/postgresql.conf"
        let readable = try Data(contentsOf: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("\nstopped_by_a_test\n".utf8))
        try file.close()
        // Written in place, so that it stays the server's own file.
        func mend() throws {
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.truncate(atOffset: UInt64(readable.count))
            try file.close()
        }
        do {
            try await signalDatabase(SIGINT)
            try await body()
        } catch {
            try mend()
            throw error
        }
        try mend()
        try await standsAgain()
    }

    /// All that the daemon has written.
    var log: String {
        (try? String(decoding: Data(contentsOf: URL(filePath: folder.path("socle.log"))), as: UTF8.self)) ?? ""
    }

    /// Ends the daemon as its service manager does.
    func end() async throws { try await server.stop() }

    /// The time of `body` PostgreSQL runs and lets nobody into the database, nor those who are in.
    func withoutDatabase(_ body: () async throws -> Void) async throws {
        try await allowConnections(false)
        do { try await body() } catch {
            try await allowConnections(true)
            throw error
        }
        try await allowConnections(true)
        try await standsAgain()
    }

    private func allowConnections(_ allowed: Bool) async throws {
        let address = databaseAddress.replacingOccurrences(of: "dbname=socle", with: "dbname=postgres")
        let statements = [
            "ALTER DATABASE socle ALLOW_CONNECTIONS \(allowed)",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'socle' AND NOT \(allowed)",
        ]
        try await Command(["psql", "-X", "-q"] + statements.flatMap { ["-c", $0] } + [address]).run()
    }

    /// Starts the daemon if it has ended, and waits until it says that it is healthy.
    func standsAgain() async throws { try await server.standsAgain() }
}
