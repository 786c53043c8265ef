import AccessService
import Foundation
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
        #expect(proxy.servers.map(\.name) == ["college-1"] && proxy.servers[0].statusServer)
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
            "access.proxy.servers.a.transport: “radsec” is not one of udp", "access.proxy.servers.a.address: radius.",
            "access.proxy.pools.p.strategy: “random” is not one of fail-over, load-balance",
            "access.proxy.pools.p.servers: there is no server b", "access.proxy.realms.example: is not a realm",
            "access.proxy.realms.example: there is no pool nowhere",
        ] {
            #expect(found.contains { $0.contains(expected) }, "\(expected) in \(found)")
        }
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
