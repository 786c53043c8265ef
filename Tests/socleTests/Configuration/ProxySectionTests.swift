import AccessService
import Foundation
import RADIUS
import Territory
import Testing

@testable import socle

/// `access.proxy`: realms whose logins are answered elsewhere.
@Suite struct ProxySectionTests {
    private func parse(_ text: String) throws(ConfigurationFaults) -> Configuration {
        try Configuration.parse(text, file: "socle.yaml", directory: "/srv/socle/config")
    }

    private func faults(_ text: String) -> [String] {
        do throws(ConfigurationFaults) {
            _ = try parse(text)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `the section that the shipped file shows is sound`() throws {
        let shipped = try String(
            contentsOf: ConfigurationTests.packageRoot.appending(path: "config/socle.yaml"), encoding: .utf8)
        let lines = shipped.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.drop { $0 != "  # proxy:" }.prefix { !$0.isEmpty }.map { "  \($0.dropFirst(4))" }
        let proxy = try #require(try parse("access:\n\(shown.joined(separator: "\n"))\n").access.proxy)
        #expect(proxy.servers.map(\.name) == ["college-1", "federation"])
        #expect(proxy.servers.map(\.statusServer) == [true, true])
        let federation = try #require(proxy.servers.last)
        #expect(federation.transport == .tls && federation.tls.port == 2083 && federation.tls.offersVersion11)
        #expect(federation.tls.serverName == "radius.federation.example")
        #expect(federation.tls.files.revocations == "/etc/socle/federation-crl.pem")
        #expect(proxy.pools.map(\.servers) == [["college-1"]] && proxy.pools[0].filter == "federation")
        #expect(proxy.realms.map(\.target) == [.pool("college"), .pool("college"), .local, .reject])
        #expect(proxy.liveness == LivenessParameters())
    }

    @Test func `faults of servers, pools and realms are told together`() {
        let found = faults(
            """
            access:
              proxy:
                response_window: 1h
                servers:
                  a: { address: radius.example.fr, transport: radsec }
                pools:
                  p: { servers: [b], strategy: random }
                realms:
                  example: nowhere
            """)
        for expected in [
            "access.proxy.response_window: “1h” is not a duration", "access.proxy.servers.a.secret_file: is missing",
            "access.proxy.servers.a.transport: “radsec” is not one of udp, tls",
            "access.proxy.servers.a.address: radius.",
            "access.proxy.pools.p.strategy: “random” is not one of fail-over, load-balance",
            "access.proxy.pools.p.servers: there is no server b", "access.proxy.realms.example: is not a realm",
            "access.proxy.realms.example: there is no pool nowhere",
        ] {
            #expect(found.contains { $0.contains(expected) }, "\(expected) in \(found)")
        }
    }

    @Test func `faults of servers over TLS are told together, keys of the other transport among them`() {
        let found = faults(
            """
            access:
              proxy:
                servers:
                  a: { transport: tls, address: "radius example", server_name: "-", secret_file: s, accounting_port: 0 }
                  b: { address: 192.0.2.1, secret_file: b.secret, port: 2083, authorities: ca.pem }
                  c: { transport: tls, address: radius, certificate: c.pem, key: c.key, authorities: ca.pem, port: 0 }
                pools: { p: { servers: [a, b, c] } }
                realms: { "*": p }
            """)
        for expected in [
            "servers.a.address: “radius example” is neither", "servers.a.server_name: “-” is neither",
            "servers.a.certificate: is missing", "servers.a.key: is missing", "servers.a.authorities: is missing",
            "servers.a.secret_file: is for `transport: udp`", "servers.a.accounting_port: is for `transport: udp`",
            "servers.b.port: is for `transport: tls`", "servers.b.authorities: is for `transport: tls`",
            "servers.c.port: “0” is not",
        ] {
            #expect(found.contains { $0.contains("access.proxy.\(expected)") }, "\(expected) in \(found)")
        }
        #expect(found.count == 10, "\(found)")
    }

    @Test func `paths of certificates start from the directory of the file, and the daemon is told them`() throws {
        let proxy = try #require(
            try parse(
                """
                access:
                  proxy:
                    servers:
                      a:
                        transport: tls
                        address: radius.example.fr
                        certificate: tls/a.pem
                        key: tls/a.key
                        authorities: /etc/ca.pem
                        radius_1_1: false
                    pools: { p: { servers: [a] } }
                    realms: { "*": p }
                """
            ).access.proxy)
        let servers = proxy.told(secret: { _ in Secret(text: "-") }, filter: { _ in .everything }).servers
        let told = try #require(servers.first)
        #expect(told.address == "radius.example.fr" && told.secret == Secret(text: "radsec"))
        #expect(told.tls?.files.certificate == "/srv/socle/config/tls/a.pem")
        #expect(told.tls?.files.key == "/srv/socle/config/tls/a.key" && told.tls?.files.authorities == "/etc/ca.pem")
        #expect(told.tls?.files.revocations == nil && told.tls?.offersVersion11 == false)
    }

    @Test func `paths of secrets and filters start from the directory of the file`() throws {
        let proxy = try #require(
            try parse(
                """
                access:
                  proxy:
                    servers: { a: { address: 192.0.2.1, secret_file: a.secret } }
                    pools: { p: { servers: [a], filter: border.txt } }
                    realms: { "*": p }
                """
            ).access.proxy)
        #expect(proxy.servers[0].secretFile == "/srv/socle/config/a.secret")
        #expect(proxy.pools[0].filter == "/srv/socle/config/border.txt")
    }
}
