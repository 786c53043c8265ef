import AccessService
import Foundation
import RADIUS
import Territory

extension Configuration {
    /// Realms whose logins are answered elsewhere. Paths of secrets and filters here, not what is in them.
    struct Proxy: Equatable, Sendable {
        struct Server: Equatable, Sendable {
            /// How packets travel to it: each has keys of its own.
            enum Transport: String, CaseIterable, Sendable { case udp, tls }

            var name: String
            var transport = Transport.udp
            /// Numeric over UDP.
            var address = ""
            // Over UDP.
            var authenticationPort = 1812
            /// 0: it takes no accounting.
            var accountingPort = 1813
            var secretFile = ""
            // Over TLS.
            var tls = HomeServerTLS(files: TLSFiles(certificate: "", key: "", authorities: ""))
            var statusServer = true
            var requireMessageAuthenticator = true
        }

        struct Pool: Equatable, Sendable {
            var name: String
            var strategy = HomePool.Strategy.failOver
            var servers: [String] = []
            /// `federation`, `everything`, or the path of a list.
            var filter = "federation"
            var accounting = true
            var chargeableUserIdentity = true
        }

        enum Namespace: String, CaseIterable, Sendable {
            case realm
            case wbaID = "wba-id"

            var value: OperatorName.Namespace {
                switch self {
                case .realm: .realm
                case .wbaID: .wbaID
                }
            }
        }

        var operatorName: String?
        var operatorNamespace = Namespace.realm
        var servers: [Server] = []
        var pools: [Pool] = []
        var realms: [RealmRule] = []
        var liveness = LivenessParameters()
    }
}

extension Configuration.Proxy {
    /// The names that a filter has without a file.
    static let namedFilters: [String: AttributeFilter] = ["federation": .federation, "everything": .everything]

    /// What the daemon is told, once secrets and filters have been read: `secret` and `filter` are given a path.
    func told(
        secret: (String) throws -> Secret, filter: (String) throws -> AttributeFilter
    ) rethrows -> ProxyConfiguration {
        var servers: [HomeServer] = []
        for server in self.servers {
            servers.append(try server.told(secret))
        }
        var pools: [HomePool] = []
        for pool in self.pools {
            pools.append(
                HomePool(
                    name: pool.name, strategy: pool.strategy, servers: pool.servers,
                    filter: try Self.namedFilters[pool.filter] ?? filter(pool.filter),
                    forwardsAccounting: pool.accounting, requestsChargeableIdentity: pool.chargeableUserIdentity))
        }
        return ProxyConfiguration(
            servers: servers, pools: pools, realms: realms,
            operatorName: operatorName.flatMap { OperatorName(operatorNamespace.value, $0) }, liveness: liveness)
    }

    /// Relative paths start from the directory of the file.
    mutating func resolvePaths(_ absolute: (inout String) -> Void) {
        for index in servers.indices {
            switch servers[index].transport {
            case .udp: if !servers[index].secretFile.isEmpty { absolute(&servers[index].secretFile) }
            case .tls: servers[index].tls.files.resolve(absolute)
            }
        }
        for index in pools.indices where Self.namedFilters[pools[index].filter] == nil {
            absolute(&pools[index].filter)
        }
    }
}

extension Configuration.Proxy {
    mutating func read(_ source: ConfigurationSection) {
        var section = source
        operatorName = section.value("operator_name", operatorName, expected: "a name of 1 to 252 octets") {
            OperatorName(.realm, $0).map { .some($0.name) }
        }
        operatorNamespace = section.choice("operator_namespace", operatorNamespace)
        liveness.responseWindow = section.duration(
            "response_window", liveness.responseWindow, in: .milliseconds(100) ... .seconds(60))
        liveness.zombiePeriod = section.duration(
            "zombie_period", liveness.zombiePeriod, in: .seconds(1) ... .seconds(600))
        liveness.probeInterval = section.duration(
            "probe_interval", liveness.probeInterval, in: .milliseconds(500) ... .seconds(300))
        liveness.reviveAfter = section.duration(
            "revive_after", liveness.reviveAfter, in: .seconds(1) ... .seconds(3_600))
        var list = section.section("servers")
        servers = list.keys.map { name in
            var server = Server(name: name)
            server.read(list.section(name))
            return server
        }
        var groups = section.section("pools")
        pools = groups.keys.map { name in
            var pool = Pool(name: name)
            pool.read(groups.section(name))
            return pool
        }
        var rules = section.section("realms")
        realms = rules.keys.map { pattern in
            switch rules.text(pattern, "") {
            case "local": RealmRule(pattern, .local)
            case "reject": RealmRule(pattern, .reject)
            case let pool: RealmRule(pattern, .pool(pool))
            }
        }
        section.finish()
        tellFaults(in: section)
    }

    /// The rules of the daemon's own values, so that `check-config` knows all of them.
    private func tellFaults(in section: ConfigurationSection) {
        // Secrets and filters are read when the daemon starts; here they only must be named.
        let told = told(secret: { _ in Secret(text: "-") }, filter: { _ in .everything })
        for fault in told.validate() {
            let parts = fault.split(separator: ": ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            section.fault(String(parts[0].dropFirst("proxy.".count)), String(parts[1]))
        }
    }
}

extension Configuration.Proxy.Server {
    /// What the daemon is told; `secret` is given a path.
    fileprivate func told(_ secret: (String) throws -> Secret) rethrows -> HomeServer {
        if transport == .tls { return HomeServer(name: name, address: address, tls: tls, answersStatus: statusServer) }
        return HomeServer(
            name: name, address: address,
            authenticationPort: authenticationPort == 0 ? nil : UInt16(clamping: authenticationPort),
            accountingPort: accountingPort == 0 ? nil : UInt16(clamping: accountingPort),
            secret: try secret(secretFile), answersStatus: statusServer,
            requiresMessageAuthenticator: requireMessageAuthenticator)
    }

    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        transport = section.choice("transport", transport)
        address = section.text("address", address)
        statusServer = section.flag("status_server", statusServer)
        switch transport {
        case .udp: readUDP(&section)
        case .tls: readTLS(&section)
        }
        section.finish()
    }

    private mutating func readUDP(_ section: inout ConfigurationSection) {
        authenticationPort = section.integer("authentication_port", authenticationPort, in: 0...65535)
        accountingPort = section.integer("accounting_port", accountingPort, in: 0...65535)
        secretFile = section.text("secret_file", secretFile)
        if secretFile.isEmpty { section.fault("secret_file", "is missing: the file that holds the shared secret") }
        requireMessageAuthenticator = section.flag("require_message_authenticator", requireMessageAuthenticator)
        for key in ["port", "server_name", "certificate", "key", "authorities", "revocations", "radius_1_1"] {
            section.refuse(key, "is for `transport: tls`")
        }
    }

    private mutating func readTLS(_ section: inout ConfigurationSection) {
        tls.port = UInt16(clamping: section.integer("port", Int(tls.port), in: 1...65535))
        tls.serverName = section.value("server_name", nil, expected: "a name") { $0.isEmpty ? nil : .some($0) }
        tls.files = section.tlsFiles(of: "the server's certificate")
        tls.offersVersion11 = section.flag("radius_1_1", tls.offersVersion11)
        for key in ["authentication_port", "accounting_port"] {
            section.refuse(key, "is for `transport: udp`; over TLS both services have the `port`")
        }
        section.refuse("secret_file", "is for `transport: udp`; over TLS the secret is “radsec” for everybody")
        section.refuse("require_message_authenticator", "is for `transport: udp`; over TLS replies cannot be forged")
    }
}

extension Configuration.Proxy.Pool {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        strategy = section.choice("strategy", strategy)
        servers = section.list("servers", servers, expected: "the name of a server") { !$0.isEmpty }
        filter = section.text("filter", filter)
        accounting = section.flag("accounting", accounting)
        chargeableUserIdentity = section.flag("chargeable_user_identity", chargeableUserIdentity)
        section.finish()
    }
}
