import Foundation
import Store
import Territory
import Testing

@testable import socle

@Suite struct DoctorTests {
    let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func server(
        version: Int = 150_020, skew: Double = 0, settings: [String: String] = [:], isStandby: Bool = false
    ) -> DatabaseInspection.Server {
        let durable = ["fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"]
        return DatabaseInspection.Server(
            versionNumber: version, now: now.addingTimeInterval(skew),
            settings: durable.merging(settings) { _, new in new }, isStandby: isStandby)
    }

    private func faults(_ findings: [Finding]) -> [Finding] { findings.filter { $0.severity == .fault } }

    @Test func `a durable server of this century is fine`() {
        #expect(DatabaseChecks.judge(server(), now: now).map(\.severity) == [.fine])
    }

    @Test func `tells each thing that is wrong with a server, and how to mend it`() {
        let found = DatabaseChecks.judge(
            server(
                version: 140_010, skew: 6, settings: ["fsync": "off", "synchronous_commit": "off"], isStandby: true),
            now: now)
        #expect(faults(found).count == 5)
        #expect(found.allSatisfy { !$0.mend.isEmpty })
    }

    @Test(arguments: [(5.0, true), (-5, true), (5.5, false), (-60, false)])
    func `lets clocks differ by five seconds and no more`(skew: Double, isFine: Bool) {
        #expect(faults(DatabaseChecks.judge(server(skew: skew), now: now)).isEmpty == isFine)
    }

    @Test func `remote_apply is durable, local is not`() {
        #expect(
            faults(DatabaseChecks.judge(server(settings: ["synchronous_commit": "remote_apply"]), now: now)).isEmpty)
        #expect(!faults(DatabaseChecks.judge(server(settings: ["synchronous_commit": "local"]), now: now)).isEmpty)
    }

    @Test(arguments: [(9, 0, true), (10, 0, false), (0, 479, true), (0, 480, false)])
    func `commands that nobody answers for ten minutes, or that do not end in eight hours, are told of`(
        unanswered: Int, oldest: Int, isFine: Bool
    ) {
        let since = { (minutes: Int) in now.addingTimeInterval(-60 * Double(minutes)) }
        let commands = DatabaseInspection.Commands(
            unfinished: 2, unanswered: 1, oldest: since(max(unanswered, oldest)), oldestUnanswered: since(unanswered))
        #expect((DatabaseChecks.judge(commands, now: now).severity == .fine) == isFine)
    }

    @Test func `a role that row-level security does not bind is a fault`() {
        let bound = DatabaseInspection.Role(name: "socle_portal", ignoresRowSecurity: false, lacking: [])
        let free = DatabaseInspection.Role(
            name: "postgres", ignoresRowSecurity: true, lacking: ["access.usage: UPDATE"])
        #expect(faults(DatabaseChecks.judge(bound, subject: "database.portal")).isEmpty)
        #expect(faults(DatabaseChecks.judge(free, subject: "database.portal")).count == 2)
    }

    @Test(arguments: [
        ("2026-01-31T12:00:00Z", ["2026_01", "2026_02"]), ("2026-12-31T23:30:00Z", ["2026_12", "2027_01"]),
        ("2026-10-01T00:00:00Z", ["2026_10", "2026_11"]),
    ])
    func `asks for the partitions of this month and the next`(instant: String, months: [String]) throws {
        #expect(DatabaseChecks.months(from: try Date(instant, strategy: .iso8601)) == months)
    }

    @Test(arguments: [(-1.0, Finding.Severity.fault), (86_400 * 20, .warning), (86_400 * 22, .fine)])
    func `a certificate is told of three weeks before it ends`(seconds: Double, severity: Finding.Severity) {
        #expect(FileChecks.expiry(now.addingTimeInterval(seconds), now: now).severity == severity)
    }

    private func gateway(
        _ policy: NAS.MessageAuthenticatorPolicy = .require, seen: Date? = nil, source: String = "10.0.0.1",
        secret: String = "0123456789abcdef", profile: String = "opennds"
    ) -> NAS {
        NAS(
            id: 7, organisationID: 1, siteID: 1, name: "g", profile: profile, source: IPPrefix(source),
            secret: Secret(text: secret), messageAuthenticator: policy, messageAuthenticatorSeenAt: seen)
    }

    @Test(arguments: [
        (-1.0, Finding.Severity.fault), (29.9 * 86_400, .warning), (30 * 86_400, .fine),
    ])
    func `a certificate of EAP is told of thirty days before it ends`(seconds: Double, severity: Finding.Severity) {
        #expect(FileChecks.serverExpiry(now.addingTimeInterval(seconds), now: now).severity == severity)
    }

    @Test func `tells the posture of a gateway`() {
        let known: Set = ["opennds"]
        #expect(GatewayChecks.judge(gateway(), profiles: known) == [])
        #expect(GatewayChecks.judge(gateway(.auto, seen: now), profiles: known) == [])
        #expect(GatewayChecks.judge(gateway(.auto), profiles: known).map(\.severity) == [.warning])
        #expect(GatewayChecks.judge(gateway(.off), profiles: known).map(\.severity) == [.warning])
        #expect(GatewayChecks.judge(gateway(source: "203.0.113.7"), profiles: known).count == 1)
        #expect(GatewayChecks.judge(gateway(secret: "0123456789abcde"), profiles: known).count == 1)
        #expect(GatewayChecks.judge(gateway(profile: "gone"), profiles: known).map(\.severity) == [.fault])
    }

    @Test func `tells which gateway of which site cannot have accounts verified, where the package lists them`() throws
    {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let packages = try PackageLibrary.load(directory: root.appending(path: "config/packages"))
        let profiles = try EquipmentLibrary.load(directory: root.appending(path: "config/equipment")).profiles
        let site = try #require(Slug(rawValue: "mairie-test"))
        func gateway(_ profile: String, key: Bool = true) -> Gateway {
            Gateway(
                id: 7, organisationID: 1, siteID: 1, name: "borne-1", profile: profile,
                portalKey: key ? Secret(text: "0123456789abcdef") : nil)
        }
        func findings(_ package: String, _ gateway: Gateway) throws -> [Finding] {
            GatewayChecks.judge(try packages.resolve(package), at: site, [gateway], profiles: profiles)
        }
        #expect(try findings("mairie", gateway("coovachilli")) == [])
        #expect(try findings("mairie", gateway("mikrotik")) == [])
        #expect(try findings("salle-des-fetes", gateway("opennds")) == [])
        for (profile, key, reason) in [
            ("opennds", true, "openNDS asks no RADIUS server"), ("hostapd", false, "the device's address alone"),
            ("coovachilli", false, "no portal key"),
        ] {
            let found = try findings("mairie", gateway(profile, key: key))
            #expect(found.map(\.severity) == [.warning])
            let what = found.map(\.what).joined()
            #expect(what.contains("site mairie-test") && what.contains("borne-1 (\(profile))"))
            #expect(what.contains(reason))
        }
    }

    @Test(arguments: [
        ("10.255.255.255", true), ("172.31.255.255", true), ("172.32.0.0", false), ("192.168.0.1", true),
        ("100.64.0.1", true), ("8.8.8.8", false), ("fd00::1", true), ("2001:db8::1", false), ("::1", true),
    ])
    func `knows addresses that are nobody else's business`(text: String, isPrivate: Bool) throws {
        #expect(GatewayChecks.isPrivate(try #require(IPAddress(text))) == isPrivate)
    }

    @Test func `a port is fine when it is free or ours, and told of when it is another's`() {
        #expect(PortChecks.judge("admin.listen", "127.0.0.1:9180", nil, isRunning: false) == nil)
        #expect(PortChecks.judge("admin.listen", "127.0.0.1:9180", EADDRINUSE, isRunning: true) == nil)
        #expect(PortChecks.judge("admin.listen", "127.0.0.1:9180", EADDRINUSE, isRunning: false)?.severity == .fault)
        #expect(
            PortChecks.judge("access.authentication_port", "127.0.0.1:812", EACCES, isRunning: true)?.severity == .fault
        )
    }

    @Test func `tells of a missing or exposed key and of an unreachable database without stopping there`() async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-doctor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = try Configuration.load(
            file: ConfigurationTests.packageRoot.appending(path: "config/socle.yaml").path)
        configuration.database.owner = "host=\(folder.path) user=socle dbname=socle"
        configuration.database.access = configuration.database.owner
        configuration.database.portal = configuration.database.owner
        configuration.installationKeyFile = folder.appending(path: "key").path
        configuration.access.spoolDirectory = folder.appending(path: "spool").path
        try Data(repeating: 7, count: 32).write(to: folder.appending(path: "key"))
        chmod(configuration.installationKeyFile, 0o644)
        let found = await Doctor(configuration: configuration, now: .now).examine()
        let subjects = Set(faults(found).map(\.subject))
        #expect(subjects.isSuperset(of: ["installation_key", "database.owner", "database.access", "database.portal"]))
        #expect(found.contains { $0.subject == "paths.packages" && $0.severity == .fine })
        #expect(faults(found).allSatisfy { !$0.mend.isEmpty })
    }
}
