import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// PostgreSQL away at start and while the daemon serves; the disk of the spool full.
@Suite(.serialized) struct OutageTests {
    /// A server of its own, since it is stopped; the ground is prepared.
    private func withServer(_ body: (OwnServer, Ground, ScratchDirectory) async throws -> Void) async throws {
        let directory = try ScratchDirectory()
        let server = try OwnServer(directory.path + "/pg")
        do {
            try await server.start()
            let conninfo = await server.conninfo
            try await Deployment.client(conninfo) { owner in
                _ = try await Migrator(directory: Ground.root.appending(path: "migrations").path).migrate(owner)
                let ground = try await Ground.prepare(conninfo, keys: InstallationKeys(.random()), owner: owner)
                try await body(server, ground, try ScratchDirectory())
            }
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func configure(_ configuration: inout AccessConfiguration, _ spool: ScratchDirectory) {
        configuration.spoolDirectory = spool.path
        configuration.storeTimeout = .milliseconds(500)
    }

    /// Sessions and their sums, as they stand in the live table.
    private func totals(_ ground: Ground) async throws -> (sessions: Int, input: Int, usage: Int) {
        let row = try #require(
            try await ground.owner.query(
                """
                SELECT count(*), coalesce(sum(input_octets), 0)::bigint,
                    (SELECT coalesce(sum(input_octets), 0)::bigint FROM access.usage) FROM access.live_session
                """
            ).first)
        let (sessions, input, usage) = try row.decode(Int.self, Int.self, Int.self)
        return (sessions, input, usage)
    }

    @Test func `accounting while PostgreSQL is away is spooled and answered, then stored: none lost, none doubled`()
        async throws
    {
        try await withServer { server, ground, spool in
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                let code = try await ground.voucher(devices: 50).code.canonical
                let gateway = try Gateway(deployment.accountingPort)
                for index in 0..<10 {
                    #expect(try await gateway.account(.start, "s\(index)", name: code) != nil)
                }
                await server.stop()
                for index in 0..<20 {
                    let reply = try await gateway.account(
                        index < 10 ? .interim : .start, "s\(index)", name: code, seconds: index < 10 ? 60 : nil,
                        input: index < 10 ? 1_000 : nil, wait: 6)
                    #expect(reply?.code == .accountingResponse, "record \(index)")
                }
                #expect(deployment.service.status?.isSpooling == true)
                #expect(deployment.service.status?.storeAwaySince != nil)
                try await server.start()
                try await eventuallySlow { deployment.service.status?.isSpooling == false }
                try await eventuallySlow { try await totals(ground) == (20, 10_000, 10_000) }
                #expect(spool.segments.isEmpty)
                #expect(try await gateway.account(.stop, "s0", name: code, seconds: 90, input: 1_500, wait: 10) != nil)
                try await eventuallySlow { try await totals(ground).usage == 10_500 }
            }
        }
    }

    @Test func `known visitors keep logging in while PostgreSQL is away, others get no answer`() async throws {
        try await withServer { server, ground, spool in
            try await Deployment.run(
                ground,
                configure: { configuration in
                    configure(&configuration, spool)
                    configuration.loginLifetime = .milliseconds(1)
                }
            ) { deployment in
                let (known, unknown) = (
                    try await ground.voucher().code.canonical, try await ground.voucher().code.canonical
                )
                let gateway = try Gateway(deployment.authenticationPort)
                #expect(try await gateway.login(known, known)?.code == .accessAccept)
                // What was used since is counted, and the visitor is known all the same.
                let accounting = try Gateway(deployment.accountingPort)
                #expect(try await accounting.account(.start, "s", name: known) != nil)
                #expect(try await accounting.account(.stop, "s", name: known, seconds: 60, input: 1_000) != nil)
                await server.stop()
                #expect(try await gateway.login(known, known)?.code == .accessAccept)
                #expect(try await gateway.login(known, known)?.code == .accessAccept)
                let secret = try SharedSecret(gateway.secretOctets)
                let request = try secret.accessRequest(identifier: 7, userName: unknown, password: Array(unknown.utf8))
                #expect(try await gateway.exchange(request, wait: 2) == nil)
                try await server.start()
                try await eventuallySlow { try await gateway.login(unknown, unknown)?.code == .accessAccept }
            }
        }
    }

    @Test func `a daemon that starts while PostgreSQL is away knows its NAS and spools their accounting`() async throws
    {
        try await withServer { server, ground, spool in
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                let gateway = try Gateway(deployment.accountingPort)
                #expect(try await gateway.account(.start, "before") != nil)
            }
            await server.stop()
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                let gateway = try Gateway(deployment.accountingPort)
                for index in 0..<5 {
                    #expect(try await gateway.account(.start, "away\(index)", wait: 6)?.code == .accountingResponse)
                }
                #expect(!spool.segments.isEmpty)
            }
            // A third life finds the second one's records.
            try await server.start()
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                try await eventuallySlow { try await totals(ground).sessions == 6 }
                try await eventuallySlow { deployment.service.status?.isSpooling == false }
            }
            #expect(spool.segments.isEmpty)
        }
    }

    @Test(.disabled(if: SmallDisk.obstacle != nil, "no small file system can be mounted"))
    func `on a full disk nothing is answered or half written, over a restart too, and with room it goes on`()
        async throws
    {
        try await withServer { server, ground, spool in
            let disk = try SmallDisk(at: spool.path, kibibytes: 256)
            var answered: Set<String> = []
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                let gateway = try Gateway(deployment.accountingPort)
                #expect(try await gateway.account(.start, "stored") != nil)
                await server.stop()
                #expect(try await gateway.account(.start, "spooled", wait: 6) != nil)
                answered = ["stored", "spooled"]
                try disk.fill()
                // What is left of the segment's last page still takes some.
                var index = 0
                while index < 100, try await gateway.account(.start, "full\(index)", wait: 1.5) != nil {
                    answered.insert("full\(index)")
                    index += 1
                }
                #expect(index < 100, "a page of 4096 octets holds no hundred records")
                #expect(try await gateway.account(.start, "refused", wait: 1.5) == nil)
                #expect(deployment.service.status?.isServing == false)
                #expect(deployment.service.status?.accountingRefusedSince != nil)
                let names = try FileManager.default.contentsOfDirectory(atPath: spool.path)
                #expect(!names.contains { $0.hasSuffix(".new") }, "\(names)")
            }
            try await Deployment.run(ground, configure: { configure(&$0, spool) }) { deployment in
                let gateway = try Gateway(deployment.accountingPort)
                #expect(try await gateway.account(.start, "refused", wait: 1.5) == nil)
                #expect(deployment.service.status?.isServing == false)
                try disk.makeRoom()
                #expect(try await gateway.account(.start, "room", wait: 6) != nil)
                answered.insert("room")
                #expect(deployment.service.status?.isServing == true)
                try await server.start()
                try await eventuallySlow { deployment.service.status?.isSpooling == false }
                // The test's own connection comes back in its own time.
                try await eventuallySlow { try await totals(ground).sessions == answered.count }
                let rows = try await ground.owner.query("SELECT acct_session_id FROM access.live_session")
                let stored = try rows.map { try $0.decode(String.self, column: 0) }
                #expect(stored.sorted() == answered.sorted(), "each that was answered, once, and no other")
            }
            #expect(spool.segments.isEmpty)
        }
    }

    @Test func `with the spool full accounting gets no answer, and the state says so until there is room`() async throws
    {
        try await withServer { server, ground, spool in
            try await Deployment.run(
                ground,
                configure: { configuration in
                    configure(&configuration, spool)
                    configuration.spoolBytes = 600
                }
            ) { deployment in
                let gateway = try Gateway(deployment.accountingPort)
                await server.stop()
                var answered = 0
                for index in 0..<8 {
                    if try await gateway.account(.start, "s\(index)", wait: 1.5) != nil { answered += 1 }
                }
                #expect(answered > 0 && answered < 8)
                #expect(deployment.service.status?.isServing == false)
                #expect(deployment.service.status?.accountingRefusedSince != nil)
                try await server.start()
                try await eventuallySlow { deployment.service.status?.isSpooling == false }
                #expect(try await gateway.account(.start, "later", wait: 10) != nil)
                try await eventuallySlow { try await totals(ground).sessions == answered + 1 }
                #expect(deployment.service.status?.isServing == true)
            }
        }
    }
}

/// Waits until a condition holds; twenty seconds at most: a server has to start, and connections to come back.
func eventuallySlow(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if (try? await condition()) == true { return }
        await Task.yield()
    }
    Issue.record("it never came true")
}
