import AccessService
import Foundation
import RADIUS
import Territory

extension Configuration {
    /// Realms whose logins are answered elsewhere. Paths of secrets and filters here, not what is in them.
    struct Proxy: Equatable, Sendable {
        struct Server: Equatable, Sendable {
            /// How packets travel to it. RadSec needs a proxy of its own for now (radsecproxy on the loopback).
            enum Transport: String, CaseIterable, Sendable { case udp }

            var name: String
            var address = ""
            var authenticationPort = 1812
            /// 0: it takes no accounting.
            var accountingPort = 1813
            var secretFile = ""
            var transport = Transport.udp
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
            servers.append(
                HomeServer(
                    name: server.name, address: server.address,
                    authenticationPort: server.authenticationPort == 0
                        ? nil : UInt16(clamping: server.authenticationPort),
                    accountingPort: server.accountingPort == 0 ? nil : UInt16(clamping: server.accountingPort),
                    secret: try secret(server.secretFile), answersStatus: server.statusServer,
                    requiresMessageAuthenticator: server.requireMessageAuthenticator))
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
        for index in servers.indices where !servers[index].secretFile.isEmpty { absolute(&servers[index].secretFile) }
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
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        address = section.text("address", address)
        authenticationPort = section.integer("authentication_port", authenticationPort, in: 0...65535)
        accountingPort = section.integer("accounting_port", accountingPort, in: 0...65535)
        secretFile = section.text("secret_file", secretFile)
        if secretFile.isEmpty { section.fault("secret_file", "is missing: the file that holds the shared secret") }
        transport = section.choice("transport", transport)
        statusServer = section.flag("status_server", statusServer)
        requireMessageAuthenticator = section.flag("require_message_authenticator", requireMessageAuthenticator)
        section.finish()
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
