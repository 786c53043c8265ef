import Foundation
import Logging
import Testing

@testable import Postgres

/// Private servers that are killed, restarted and refused; each test has its own.
@Suite(.timeLimit(.minutes(2))) struct ServerTests {
    /// Runs `body` with a path below a directory that any user can pass, and removes it afterwards.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = try ScratchFolder.create(prefix: "socle-server-")
        defer { try? FileManager.default.removeItem(atPath: String(directory.dropLast("/pg".count))) }
        try await body(directory)
    }

    private func server(_ directory: String) throws -> PostgresServer {
        try PostgresServer(directory: directory, settings: ["max_connections": "50"], logger: ScratchCluster.quiet)
    }

    private func refusal(_ directory: String) async -> String {
        let error = await #expect(throws: PostgresError.self) { try await server(directory).start() }
        #expect(error?.code == .serverUnusable)
        return error?.context ?? ""
    }

    @Test func `a server starts in a directory that does not exist, stops, and starts again with its data`()
        async throws
    {
        try await withDirectory { directory in
            for round in 0..<2 {
                let server = try server(directory)
                try await server.start()
                try await withClient(server.conninfo()) { client in
                    if round == 0 {
                        _ = try await client.write("CREATE TABLE kept AS SELECT 7 AS n", repeatable: false)
                    }
                    let kept = try await client.query("SELECT n FROM kept").decode(Int.self)
                    let tcp = try await client.query("SHOW listen_addresses").first?.decode(String.self)
                    #expect(kept == [7] && tcp == "")
                }
                await server.stop()
                #expect(server.processID == nil)
            }
        }
    }

    @Test func `it runs as an unprivileged user behind directories that only that user may enter`() async throws {
        let server = try await ScratchCluster.shared().server
        let pid = try #require(server.processID)
        let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(pid)")[.ownerAccountID] as? Int
        #expect(try #require(owner) != 0)
        let directory = server.path
        for path in [directory, "\(directory)/run", "\(directory)/data"] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test func `a server killed with SIGKILL is started again, with what was committed, under a client that waits`()
        async throws
    {
        try await withDirectory { directory in
            let server = try server(directory)
            try await server.start()
            try await withClient(server.conninfo()) { client in
                _ = try await client.write("CREATE TABLE t (id int PRIMARY KEY)", repeatable: false)
                for round in 0..<2 {
                    _ = try await client.write("INSERT INTO t VALUES (\(round))", repeatable: true)
                    kill(try #require(server.processID), SIGKILL)
                    let count = try await client.query("SELECT count(*) FROM t").first?.decode(Int.self)
                    #expect(count == round + 1)
                }
                #expect(client.statistics.reconnects >= 1)
            }
            await server.stop()
        }
    }

    @Test func `a restart of the server under load loses no acknowledged write and stores none twice`() async throws {
        try await withDirectory { directory in
            let server = try server(directory)
            try await server.start()
            try await withClient(server.conninfo(), { $0.callTimeout = .seconds(60) }) { client in
                _ = try await client.write("CREATE TABLE t (id int PRIMARY KEY)", repeatable: false)
                let acknowledged = try await withThrowingTaskGroup(of: Int.self) { group in
                    for worker in 0..<50 {
                        group.addTask {
                            var stored = 0
                            for number in 0..<40 {
                                _ = try await client.write(
                                    "INSERT INTO t VALUES (\(worker * 100 + number)) ON CONFLICT DO NOTHING",
                                    repeatable: true)
                                stored += 1
                            }
                            return stored
                        }
                    }
                    try await expectEventually { client.statistics.writes.completed > 300 }
                    kill(try #require(server.processID), SIGKILL)
                    return try await group.reduce(0, +)
                }
                let stored = try await client.query("SELECT count(*) FROM t").first?.decode(Int.self)
                #expect(acknowledged == 2000 && stored == 2000)
            }
            await server.stop()
        }
    }

    /// What is left when our process is killed and its server is not: a server nobody supervises.
    @Test func `a server that outlived its process is ended, and the next one starts on its directory`() async throws {
        try await withDirectory { directory in
            let first = try server(directory)
            try await first.start()
            await first.stop()
            let place = try ServerDirectory(directory)
            let user = try SystemUser.unprivileged(["postgres", "nobody"])
            let options = ["-D", place.data, "-c", "unix_socket_directories=\(place.run)", "-c", "listen_addresses="]
            let command = user.command("\(try PostgresBinaries.find().directory)/postgres", options)
            let orphan = try ChildProcess(command[0], Array(command.dropFirst()), output: place.log)
            try await expectEventually { place.isReady }

            let second = try server(directory)
            // The orphan is our child here, so its end has to be collected for it to be gone.
            async let collected = waitpid(orphan.pid, nil, 0)
            try await second.start()
            #expect(second.processID != orphan.pid)
            try await withClient(second.conninfo()) { try await expectService($0) }
            await second.stop()
            _ = await collected
        }
    }

    @Test func `a stale postmaster.pid, even one that names a living process, does not hinder the start`() async throws
    {
        try await withDirectory { directory in
            let first = try server(directory)
            try await first.start()
            await first.stop()
            let stale = "1\n\(directory)/data\n0\n5432\n\(directory)/run\n\n1 1\nready\n"
            try stale.write(toFile: "\(directory)/data/postmaster.pid", atomically: false, encoding: .utf8)
            let second = try server(directory)
            try await second.start()
            await second.stop()
        }
    }

    @Test func `a stale lock of the socket, even one that names a living process, does not hinder the start`()
        async throws
    {
        try await withDirectory { directory in
            let first = try server(directory)
            try await first.start()
            await first.stop()
            // As PostgreSQL leaves it when it is killed: the number of a zombie, or after a reboot of another server of
            // the same user, either of which PostgreSQL takes for its own.
            let user = try SystemUser.unprivileged(["postgres", "nobody"])
            let command = user.command("sleep", ["60"])
            let other = try ChildProcess(command[0], Array(command.dropFirst()), output: "/dev/null")
            defer {
                kill(other.pid, SIGKILL)
                waitpid(other.pid, nil, 0)
            }
            let stale = "\(other.pid)\n\(directory)/data\n0\n5432\n\(directory)/run\n\n"
            try stale.write(toFile: "\(directory)/run/.s.PGSQL.5432.lock", atomically: false, encoding: .utf8)
            let second = try server(directory)
            try await second.start()
            await second.stop()
        }
    }

    @Test func `a lock let go is free although a program being started still has its descriptor`() async throws {
        try await withDirectory { directory in
            let place = try ServerDirectory(directory)
            let user = try SystemUser.unprivileged(["postgres", "nobody"])
            let lock = try place.prepare(for: user)
            let copy = dup(lock)
            defer { close(copy) }
            ServerDirectory.release(lock)
            ServerDirectory.release(try place.prepare(for: user))
        }
    }

    @Test func `a server that has not come to its cluster yet is known by its command line`() async throws {
        try await withDirectory { directory in
            let place = try ServerDirectory(directory)
            let line = ["-c", "sleep 60; true", "/usr/lib/postgresql/15/bin/postgres", "-D", place.data]
            let starting = try ChildProcess("sh", line, output: "/dev/null")
            defer {
                kill(-starting.pid, SIGKILL)
                waitpid(starting.pid, nil, 0)
            }
            try await expectEventually { place.leftovers() == [starting.pid] }
            #expect(try ServerDirectory(directory + "-2").leftovers() == [])
        }
    }

    @Test func `a cluster of another major version is refused, with what to do about it`() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/data", withIntermediateDirectories: true)
            try "9\n".write(toFile: "\(directory)/data/PG_VERSION", atomically: false, encoding: .utf8)
            let context = await refusal(directory)
            #expect(context.contains("PostgreSQL 9"))
            #expect(context.contains("pg_upgrade") && context.contains("pg_dumpall"))
        }
    }

    @Test func `a directory that holds something else is refused and left alone`() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try "mine".write(toFile: "\(directory)/letter.txt", atomically: false, encoding: .utf8)
            let context = await refusal(directory)
            #expect(context.contains("letter.txt"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["letter.txt"])
        }
    }

    @Test func `data that is no cluster is refused`() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/data", withIntermediateDirectories: true)
            let context = await refusal(directory)
            #expect(context.contains("is not a PostgreSQL cluster"))
        }
    }

    @Test func `a cluster half made when we were killed is made anew`() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: "\(directory)/data.new/base", withIntermediateDirectories: true)
            let server = try server(directory)
            try await server.start()
            await server.stop()
        }
    }

    @Test func `a directory in use is refused to a second server`() async throws {
        let first = try await ScratchCluster.shared().server
        let context = await refusal(first.path)
        #expect(context.contains("in use"))
        try await withClient(first.conninfo()) { try await expectService($0) }
    }

    @Test func `a path too long for a unix socket is refused`() {
        let longest = "/" + String(repeating: "x", count: ServerDirectory.maximumPathBytes - 1)
        #expect(throws: Never.self) { try server(longest) }
        #expect(throws: PostgresError(.serverUnusable)) { try server(longest + "x") }
    }

    @Test func `a server that cannot start says why`() async throws {
        try await withDirectory { directory in
            let wrong = try PostgresServer(
                directory: directory, settings: ["shared_buffers": "nonsense"], logger: ScratchCluster.quiet)
            let error = await #expect(throws: PostgresError.self) { try await wrong.start() }
            #expect(error?.context.contains("shared_buffers") == true)
        }
    }
}
