internal import Territory

extension ProxyConfiguration {
    /// All faults, each with its key as in `access.proxy`; empty: none.
    public func validate() -> [String] {
        servers.flatMap(faults) + pools.flatMap(faults) + realmFaults
            + repeated(servers.map(\.name), "servers") + repeated(pools.map(\.name), "pools")
            + repeated(realms.map { $0.pattern.lowercased() }, "realms")
            + [
                ("sockets_per_server", socketsPerServer), ("capacity", capacity), ("maximum_hops", maximumHops),
            ].filter { $0.1 < 1 }.map { "proxy.\($0.0): must be at least 1" }
    }

    private func repeated(_ names: [String], _ list: String) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted().map {
            "proxy.\(list).\($0): is there more than once"
        }
    }

    private func faults(of server: HomeServer) -> [String] {
        var faults: [String] = []
        if server.name.wholeMatch(of: #/[A-Za-z0-9_.-]{1,64}/#) == nil {
            faults.append("name: only letters, digits, - _ and . please, 64 at most")
        }
        faults += server.tls.map { streamFaults(of: $0, at: server.address) } ?? datagramFaults(of: server)
        if server.secret.bytes.isEmpty { faults.append("secret: is empty") }
        return faults.map { "proxy.servers.\(server.name).\($0)" }
    }

    private func datagramFaults(of server: HomeServer) -> [String] {
        var faults: [String] = []
        if PeerAddress(text: server.address, port: 0) == nil {
            faults.append("address: \(server.address) is not a numeric IPv4 or IPv6 address")
        }
        if server.authenticationPort == nil, server.accountingPort == nil {
            faults.append("authentication_port: it serves neither authentication nor accounting")
        }
        if server.authenticationPort == 0 { faults.append("authentication_port: must not be 0") }
        if server.accountingPort == 0 { faults.append("accounting_port: must not be 0") }
        return faults
    }

    private func streamFaults(of tls: HomeServerTLS, at address: String) -> [String] {
        var faults: [String] = []
        func isName(_ text: String) -> Bool {
            NetworkAccessIdentifier.isRealm("x." + text) || PeerAddress(text: text, port: 0) != nil
        }
        if !isName(address) { faults.append("address: “\(address)” is neither a host's name nor an address") }
        if let name = tls.serverName, !isName(name) {
            faults.append("server_name: “\(name)” is neither a host's name nor an address")
        }
        if tls.port == 0 { faults.append("port: must not be 0") }
        return faults
    }

    private func faults(of pool: HomePool) -> [String] {
        var faults: [String] = []
        if pool.servers.isEmpty { faults.append("servers: at least one is needed") }
        let known = Dictionary(servers.map { ($0.name, $0) }) { first, _ in first }
        for name in pool.servers where known[name] == nil { faults.append("servers: there is no server \(name)") }
        if !pool.servers.isEmpty, pool.servers.allSatisfy({ known[$0]?.port(.authentication) == nil }) {
            faults.append("servers: none of them authenticates")
        }
        return faults.map { "proxy.pools.\(pool.name).\($0)" }
    }

    private var realmFaults: [String] {
        var faults: [String] = []
        for rule in realms {
            if !RealmRule.isPattern(rule.pattern) {
                faults.append("proxy.realms.\(rule.pattern): is not a realm, *.realm or *")
            }
            if case .pool(let name) = rule.target, !pools.contains(where: { $0.name == name }) {
                faults.append("proxy.realms.\(rule.pattern): there is no pool \(name)")
            }
        }
        return faults
    }
}
