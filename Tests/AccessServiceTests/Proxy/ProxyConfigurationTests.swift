import AccessService
import Territory
import Testing

/// What is wrong with a proxy's configuration, all at once.
@Suite struct ProxyConfigurationTests {
    private func server(_ name: String, _ change: (inout HomeServer) -> Void = { _ in }) -> HomeServer {
        var server = HomeServer(name: name, address: "192.0.2.1", secret: Secret(text: "s"))
        change(&server)
        return server
    }

    @Test func `sound`() {
        let configuration = ProxyConfiguration(
            servers: [server("a"), server("b") { $0.accountingPort = nil }],
            pools: [HomePool(name: "p", servers: ["a", "b"])],
            realms: [RealmRule("*", .pool("p")), RealmRule("example.fr", .local)])
        #expect(configuration.validate() == [])
    }

    @Test func `over TLS the address may be a name, of one label too, or numbers`() {
        let files = TLSFiles(certificate: "c", key: "k", authorities: "a")
        func faults(_ address: String, _ change: (inout HomeServerTLS) -> Void = { _ in }) -> [String] {
            var tls = HomeServerTLS(files: files)
            change(&tls)
            return ProxyConfiguration(
                servers: [HomeServer(name: "a", address: address, tls: tls)],
                pools: [HomePool(name: "p", servers: ["a"])], realms: [RealmRule("*", .pool("p"))]
            ).validate()
        }
        for sound in ["radius.example.fr", "radius", "192.0.2.1", "2001:db8::1"] { #expect(faults(sound) == []) }
        for unsound in ["", "radius..fr", "https://radius.fr", "a b"] {
            #expect(faults(unsound).first?.hasPrefix("proxy.servers.a.address: ") == true, "\(unsound)")
        }
        #expect(faults("a") { $0.port = 0 } == ["proxy.servers.a.port: must not be 0"])
        #expect(faults("a") { $0.serverName = "*" }.first?.hasPrefix("proxy.servers.a.server_name: ") == true)
    }

    @Test func `every fault is told, with its key`() {
        var configuration = ProxyConfiguration(
            servers: [
                server("a b") { $0.address = "radius.example.fr" }, server("x") { $0.secret = Secret([]) },
                server("x") { ($0.authenticationPort, $0.accountingPort) = (nil, nil) },
                server("y") { ($0.authenticationPort, $0.accountingPort) = (0, 0) },
                server("z") { $0.authenticationPort = nil },
            ],
            pools: [
                HomePool(name: "p", servers: []), HomePool(name: "q", servers: ["none"]),
                HomePool(name: "q", servers: ["z"]),
            ],
            realms: [RealmRule("fr", .local), RealmRule("a.fr", .pool("none")), RealmRule("A.fr", .reject)])
        configuration.maximumHops = 0
        let faults = configuration.validate()
        for expected in [
            "servers.a b.name: only", "servers.a b.address: radius", "servers.x.secret: is empty",
            "servers.x.authentication_port: it serves", "servers.y.authentication_port: must",
            "servers.y.accounting_port: must", "pools.p.servers: at least one",
            "pools.q.servers: there is no server none",
            "pools.q.servers: none of them auth", "realms.fr: is not", "realms.a.fr: there is no pool none",
            "servers.x: is there more", "pools.q: is there more", "realms.a.fr: is there more", "maximum_hops: must",
        ] {
            #expect(faults.contains { $0.hasPrefix("proxy.\(expected)") }, "\(expected) in \(faults)")
        }
        #expect(faults.count == 16, "\(faults)")
    }
}
