import AccessService
import Foundation
import Testing

@testable import socle

@Suite struct ConfigurationTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(text, file: "socle.yaml", directory: "/srv/socle/config")
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch let faults as ConfigurationFaults {
            return faults.faults.map(\.description)
        } catch {
            return ["unexpected: \(error)"]
        }
    }

    static var packageRoot: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    @Test func `the shipped file loads and shows exactly the defaults`() throws {
        let file = Self.packageRoot.appending(path: "config/socle.yaml")
        let shipped = try String(contentsOf: file, encoding: .utf8)
        #expect(try parse(shipped) == parse(""))
    }

    @Test func `the shipped file names every key`() throws {
        let shipped = try String(
            contentsOf: Self.packageRoot.appending(path: "config/socle.yaml"), encoding: .utf8)
        for line in try parse("").description.split(separator: "\n") {
            let key = line.prefix { $0 != ":" }.split(separator: ".").last ?? ""
            #expect(shipped.contains("\(key):"), "\(key) is not explained")
        }
    }

    @Test func `relative paths start from the directory of the file`() throws {
        let configuration = try parse("paths:\n  packages: ../data/packages\n")
        #expect(configuration.paths.packages == "/srv/socle/data/packages")
        #expect(configuration.paths.migrations == "/srv/socle/migrations")
        #expect(configuration.access.spoolDirectory == "/var/lib/socle/spool")
    }

    @Test func `reads every kind of value`() throws {
        let configuration = try parse(
            """
            access:
              listen: [127.0.0.1, "::1"]
              authentication_port: 21812
              survival: 2d
              stale_after: 90m
              spool: { directory: spool, maximum_bytes: 64MiB }
            portal:
              listen: "[::1]:8088"
              public_url: https://wifi.example.fr/
              tls: { listen: 0.0.0.0:8443, certificate: tls/portal.pem, key: tls/portal.key }
            logging: { level: debug, format: json }
            """)
        #expect(configuration.access.listen == ["127.0.0.1", "::1"])
        #expect(configuration.access.authenticationPort == 21812)
        #expect(configuration.access.survival == .seconds(172_800))
        #expect(configuration.access.staleAfter == .seconds(5400))
        #expect(configuration.access.spoolMaximumBytes == 64 << 20)
        #expect(configuration.access.spoolDirectory == "/srv/socle/config/spool")
        #expect(configuration.portal.listen == ListenAddress(host: "::1", port: 8088))
        #expect(configuration.portal.publicURL == "https://wifi.example.fr")
        #expect(configuration.portal.tls?.certificateFile == "/srv/socle/config/tls/portal.pem")
        #expect(configuration.logging.level == .debug)
        #expect(configuration.logging.format == .json)
    }

    @Test func `EAP is off without its section, and offers everything with its two files`() throws {
        #expect(try parse("").access.eap == nil)
        let eap = try #require(
            try parse(
                """
                access:
                  eap: { certificate: radius.pem, key: radius.key, client_ca: /etc/ca.pem, crl: crl.pem }
                """
            ).access.eap)
        #expect(eap.certificateFile == "/srv/socle/config/radius.pem")
        #expect(eap.keyFile == "/srv/socle/config/radius.key")
        #expect(eap.clientAuthorityFile == "/etc/ca.pem")
        #expect(eap.revocationListFile == "/srv/socle/config/crl.pem")
        #expect(eap.methods == ["ttls", "peap", "tls"] && eap.tlsVersions == ["1.2", "1.3"])
        #expect(eap.service.methods == eap.methods && eap.service.certificatePath == eap.certificateFile)
    }

    @Test func `tells what is wrong with EAP`() {
        let found = faults(
            """
            access:
              eap:
                key: a.key
                methods: [ttls, leap]
                tls_versions: ["1.1"]
            """)
        #expect(
            found == [
                "socle.yaml:3: access.eap.certificate: is missing: the PEM file of the certificate chain",
                "socle.yaml:4: access.eap.methods: “leap” is not one of ttls, peap, tls",
                "socle.yaml:5: access.eap.tls_versions: “1.1” is not one of 1.2, 1.3",
            ])
        #expect(
            faults("access:\n  eap: { certificate: a, key: b, methods: [tls] }\n").first?.contains("client_ca") == true)
    }

    @Test func `answers UAM gateways with CHAP unless the operator says PAP`() throws {
        #expect(try parse("").portal.uamMethod == .chap)
        #expect(try parse("portal: { uam_method: chap }\n").portal.uamMethod == .chap)
        #expect(try parse("portal: { uam_method: pap }\n").portal.uamMethod == .pap)
    }

    @Test func `refuses a way to answer UAM gateways that there is none of`() {
        #expect(
            faults("portal:\n  uam_method: mschap\n") == [
                "socle.yaml:2: portal.uam_method: “mschap” is not one of chap, pap"
            ])
    }

    @Test func `tells all faults at once, each with file, line and key, in the order of the file`() {
        let found = faults(
            """
            databse: {}
            access:
              listen: [localhost]
              authentication_port: 70000
              survival: soon
              spool:
                maximum_bytes: lots
            portal:
              public_url: wifi.example.fr
              tls: { certificate: a.pem }
            logging:
              level: loud
            """)
        #expect(
            found == [
                "socle.yaml:1: databse: unknown key; did you mean database?",
                "socle.yaml:3: access.listen: “localhost” is not an IPv4 or IPv6 address",
                "socle.yaml:4: access.authentication_port: “70000” is not a whole number from 1 to 65535",
                "socle.yaml:5: access.survival: “soon” is not a duration such as 30s, 10m, 12h or 2d (0s to 30d)",
                "socle.yaml:7: access.spool.maximum_bytes: “lots” is not a size such as 512MiB or 2GiB, at least 1048576 bytes",
                "socle.yaml:9: portal.public_url: “wifi.example.fr” is not an http:// or https:// address without a path, such as https://wifi.example.fr",
                "socle.yaml:10: portal.tls.key: is missing: the PEM file of the private key",
                "socle.yaml:12: logging.level: “loud” is not one of trace, debug, info, notice, warning, error",
            ])
    }

    @Test(arguments: [
        ("access:\n  authentication_port: 1\n", true), ("access:\n  authentication_port: 65535\n", true),
        ("access:\n  authentication_port: 0\n", false), ("access:\n  authentication_port: 65536\n", false),
        ("access:\n  stale_after: 900s\n", true), ("access:\n  stale_after: 899s\n", false),
        ("access:\n  spool: { maximum_bytes: 1MiB }\n", true),
        ("access:\n  spool: { maximum_bytes: 1048575 }\n", false),
        ("database:\n  connections: 64\n", true), ("database:\n  connections: 65\n", false),
    ])
    func `keeps to the stated ranges`(text: String, accepted: Bool) {
        #expect(faults(text).isEmpty == accepted)
    }

    @Test(arguments: [
        "host=db password=hunter2 user=socle", "host=db password = hunter2", "postgresql://socle:hunter2@db/socle",
        "postgres://db/socle?password=hunter2",
    ])
    func `refuses a password in a connection string and does not repeat it`(conninfo: String) {
        let found = faults("database:\n  owner: \(conninfo)\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("passfile=") == true)
        #expect(found.first?.contains("hunter2") == false)
    }

    @Test func `accepts several hosts and a password file`() throws {
        let text = "host=db1,db2 target_session_attrs=read-write user=socle passfile=/etc/socle/pgpass"
        #expect(try parse("database:\n  owner: \(text)\n").database.owner == text)
    }

    @Test func `names the line of broken YAML`() {
        let found = faults("access:\n  listen: [127.0.0.1\nportal: {}\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("is not YAML") == true)
        #expect(found.first?.hasPrefix("socle.yaml:") == true)
    }

    @Test func `names a key written twice`() {
        let found = faults("access:\n  threads: 1\n  threads: 2\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("threads") == true)
    }

    @Test func `refuses a list where keys are expected and keys where a value is expected`() {
        #expect(faults("access: [1]\n") == ["socle.yaml:1: access: expected keys and values here"])
        #expect(faults("admin:\n  listen: { a: b }\n").count == 1)
    }

    @Test func `takes a section whose keys are all commented out`() throws {
        #expect(try parse("portal:\naccess:\n") == parse(""))
    }

    @Test func `refuses one port for two protocols`() {
        #expect(faults("access:\n  accounting_port: 1812\n").count == 1)
    }

    @Test func `a file that is absent or not UTF-8 is a fault, not a crash`() throws {
        #expect(throws: ConfigurationFaults.self) { try Configuration.load(file: "/nonexistent/socle.yaml") }
        let file = FileManager.default.temporaryDirectory.appending(path: "socle-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data([0xFF, 0xFE, 0x00]).write(to: file)
        #expect(throws: ConfigurationFaults.self) { try Configuration.load(file: file.path) }
    }

    @Test func `an embedded directory takes over the database, the key and the spool`() throws {
        var configuration = try parse("")
        try configuration.use(embedded: EmbeddedDirectory(path: "/tmp/here/"))
        #expect(configuration.database.access.contains("/tmp/here/postgres/run"))
        #expect(configuration.database.access.contains("socle_access"))
        #expect(configuration.installationKeyFile == "/tmp/here/installation.key")
        #expect(configuration.access.spoolDirectory == "/tmp/here/spool")
    }
}

@Suite struct ConfigurationValuesTests {
    @Test(arguments: [("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:443", "::1", 443), ("localhost:0", "localhost", 0)])
    func `reads an address and port`(text: String, host: String, port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
        #expect(ListenAddress(text)?.description == text)
    }

    @Test(arguments: ["", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "a b:1", "[]:1", "h/x:1"])
    func `refuses what is no address and port`(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [("500ms", 500), ("30s", 30_000), ("10m", 600_000), ("12h", 43_200_000), ("2d", 172_800_000)])
    func `reads durations and writes them back`(text: String, milliseconds: Int) {
        #expect(Duration(short: text) == .milliseconds(milliseconds))
        #expect(Duration(short: text)?.short == text)
    }

    @Test(arguments: ["", "s", "10", "-1s", "1 s", "1w", "99999999999s", "1.5h"])
    func `refuses what is no duration`(text: String) {
        #expect(Duration(short: text) == nil)
    }

    @Test(arguments: [("4096", 4096), ("1KiB", 1024), ("2GiB", 2 << 30), ("10GB", 10_000_000_000), ("3 MiB", 3 << 20)])
    func `reads sizes`(text: String, bytes: Int) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: ["", "MiB", "-1", "1.5GiB", "99999999999TiB", "1XB"])
    func `refuses what is no size, even one that would overflow`(text: String) {
        #expect(ByteSize.parse(text) == nil)
    }

    @Test(arguments: [("listen", "listen", 0), ("lisen", "listen", 1), ("", "abc", 3), ("databse", "database", 1)])
    func `measures how far two words are apart`(one: String, other: String, distance: Int) {
        #expect(Spelling.distance(one, other) == distance)
    }
}

extension ConfigurationTests {
    @Test func `trusted systems are read with their secrets' files, and every fault of theirs is told`() throws {
        let read = try parse(
            """
            access:
              dynamic_authorization:
                listen: "[::1]:3799"
                clients:
                  - { address: 192.0.2.10, secret_file: supervision.secret }
                  - { address: 2001:db8::/64, secret_file: /etc/socle/other.secret }
            """)
        let told = read.access.dynamicAuthorization
        #expect(told.listen == ListenAddress(host: "::1", port: 3799))
        #expect(told.clients.map(\.address) == ["192.0.2.10", "2001:db8::/64"])
        #expect(told.clients.map(\.secretFile) == ["/srv/socle/config/supervision.secret", "/etc/socle/other.secret"])
        let wrong = faults(
            """
            access:
              dynamic_authorization:
                listen: radius.example.fr:3799
                clients:
                  - { address: nowhere, secret_fil: x }
            """)
        #expect(wrong.contains { $0.contains("access.dynamic_authorization.listen") })
        #expect(wrong.contains { $0.contains("clients[0].address") })
        #expect(wrong.contains { $0.contains("clients[0].secret_file") && $0.contains("missing") })
        #expect(wrong.contains { $0.contains("did you mean secret_file?") })
        #expect(faults("access: { dynamic_authorization: { listen: 0.0.0.0:3799 } }").count == 1)
    }
}
