import Foundation
import HTTPTypes
import Logging
import Postgres
import ServiceLifecycle
import Store
import Synchronization
import Territory
import Testing

@testable import PortalService

@Suite struct ListenerTests {
    /// Runs the service on ports of the kernel's choice and hands them to `body`: HTTP, HTTPS or nil.
    private func serve<Value: Sendable>(
        _ world: PortalWorld, _ configuration: PortalConfiguration,
        _ body: @escaping @Sendable (Int, Int?) async throws -> Value
    ) async throws -> Value {
        let (ports, open) = AsyncStream<(Bool, Int)>.makeStream()
        let equipment = try EquipmentLibrary.load(directory: PortalWorld.root.appending(path: "config/equipment"))
        let service = try PortalService(
            configuration: configuration, store: PortalStore(world.client, keys: world.keys),
            equipment: PortalEquipment(equipment.profiles), logger: ScratchCluster.quiet
        ) { isSecure, port in open.yield((isSecure, port)) }
        let group = ServiceGroup(services: [service], logger: ScratchCluster.quiet)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            var (http, https): (Int, Int?) = (0, nil)
            var events = ports.makeAsyncIterator()
            for _ in 0..<(configuration.certificate == nil ? 1 : 2) {
                guard let (isSecure, port) = await events.next() else { break }
                if isSecure { https = port } else { http = port }
            }
            let value = try await body(http, https)
            await group.triggerGracefulShutdown()
            for try await _ in tasks {}
            return value
        }
    }

    private func curl(_ arguments: String...) async throws -> String {
        String(
            decoding: try await Program.runAside("/usr/bin/curl", ["-s", "--max-time", "10"] + arguments), as: UTF8.self
        )
    }

    private func certificate(_ name: String, in folder: URL) throws -> PortalConfiguration.Certificate {
        let (chain, key) = (folder.appending(path: "chain.pem").path, folder.appending(path: "key.pem").path)
        _ = try Program.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key + ".new", "-out", chain + ".new",
                "-days", "2", "-subj", "/CN=\(name)",
            ])
        _ = rename(key + ".new", key)
        _ = rename(chain + ".new", chain)
        return PortalConfiguration.Certificate(chainFile: chain, keyFile: key)
    }

    private func subject(_ port: Int) async throws -> String {
        let output = try await Program.runAside(
            "/bin/sh",
            ["-c", "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject"])
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `serves over HTTP and HTTPS, HEAD included, and a renewed certificate without a restart`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-portal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try certificate("first.test", in: folder)
        let configuration = PortalConfiguration(
            http: .init(host: "127.0.0.1", port: 0), https: .init(host: "127.0.0.1", port: 0), certificate: files,
            textsDirectory: PortalWorld.textsDirectory)
        try await PortalWorld.with { world in
            try await serve(world, configuration) { http, https in
                let https = try #require(https)
                #expect(try await curl("http://127.0.0.1:\(http)/mairie").contains("Vézelise"))
                #expect(try await curl("-k", "https://127.0.0.1:\(https)/mairie").contains("Vézelise"))
                #expect(try await curl("-I", "http://127.0.0.1:\(http)/mairie").contains("200"))
                #expect(
                    try await curl(
                        "-o", "/dev/null", "-w", "%{http_code}", "-d", String(repeating: "a", count: 20_000),
                        "http://127.0.0.1:\(http)/mairie/login") == "413")
                #expect(
                    try await curl(
                        "-o", "/dev/null", "-w", "%{http_code}",
                        "http://127.0.0.1:\(http)/mairie/fas?" + String(repeating: "a", count: 40_000)) != "200")
                #expect(try await subject(https).contains("first.test"))

                _ = try certificate("second.test", in: folder)
                var seen = try await subject(https)
                let deadline = ContinuousClock.now + .seconds(10)
                while !seen.contains("second.test"), ContinuousClock.now < deadline { seen = try await subject(https) }
                #expect(seen.contains("second.test"))

                try Data("no certificate".utf8).write(to: folder.appending(path: "chain.pem"))
                let broken = ContinuousClock.now + .milliseconds(1_200)
                while ContinuousClock.now < broken { #expect(try await subject(https).contains("second.test")) }
            }
        }
    }

    @Test func `a certificate that cannot be used is named before anything listens`() throws {
        let error = #expect(throws: PortalError.self) {
            _ = try ReloadingCertificate(
                .init(chainFile: "/nonexistent/chain.pem", keyFile: "/nonexistent/key.pem"),
                logger: ScratchCluster.quiet)
        }
        #expect(error?.code == .configuration && error?.detail.contains("/nonexistent/chain.pem") == true)
    }

    @Test func `a change in the database shows on the page, by the change feed`() async throws {
        let configuration = PortalConfiguration(
            http: .init(host: "127.0.0.1", port: 0), https: nil, textsDirectory: PortalWorld.textsDirectory)
        try await PortalWorld.with { world in
            try await serve(world, configuration) { http, _ in
                #expect(try await curl("http://127.0.0.1:\(http)/mairie").contains("Site mairie"))
                _ = try await world.owner.write(
                    "UPDATE territory.site SET name = 'Hôtel de ville' WHERE slug = 'mairie'", repeatable: true)
                var page = ""
                let deadline = ContinuousClock.now + .seconds(10)
                while !page.contains("Hôtel de ville"), ContinuousClock.now < deadline {
                    page = try await curl("http://127.0.0.1:\(http)/mairie")
                }
                #expect(page.contains("Hôtel de ville"))
            }
        }
    }

    @Test func `with the database away the page still shows, a login says when to come back, and nothing is half done`()
        async throws
    {
        let cluster = try await ScratchCluster.start(
            migrations: PortalWorld.root.appending(path: "migrations").path, durable: false)
        let configuration = PortalConfiguration(
            textsDirectory: PortalWorld.textsDirectory, databaseTimeout: .milliseconds(500))
        do {
            try await PortalWorld.with(configuration: configuration, cluster: cluster) { world in
                let phone = Phone(world)
                let first = await phone.get("/mairie/fas?\(OpenNDSGateway.plain())")
                #expect(first.status == 200)
                await cluster.server.stop()
                world.portal.sites.invalidate()
                #expect(await phone.get("/mairie").status == 200)
                let refused = await phone.login("mairie", page: first)
                #expect(refused.status == 503 && refused.headers[.retryAfter] == "60")
                #expect(refused.body.contains("momentanément indisponible") && refused.hidden("x")?.isEmpty == false)
                #expect(Markup(refused.body).accessibilityFaults == [])
                let unknown = await phone.get("/never-seen")
                #expect(unknown.status == 503)
                let directory = try #require(world.conninfo.firstMatch(of: /host='?([^' ]+)\/run/)?.output.1)
                let again = try PostgresServer(directory: String(directory), logger: ScratchCluster.quiet)
                try await again.start()
                // The client comes back by itself, within its back-off.
                var login = await phone.login("mairie", page: refused)
                for _ in 0..<20 where login.status == 503 {
                    world.clock.advance(5)
                    login = await phone.login("mairie", page: login)
                }
                #expect(login.status == 303)
                #expect(try await world.count("SELECT count(*) FROM access.login_grant") == 1)
                #expect(
                    try await world.count("SELECT count(*) FROM access.portal_handoff WHERE closed_at IS NULL") == 1)
                await again.stop()
            }
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }
}
