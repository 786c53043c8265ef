import Foundation
import Postgres

/// A PostgreSQL server that a test may stop and start again, in a directory that nobody else clears away.
actor OwnServer {
    private let path: String
    private var current: PostgresServer

    init(_ path: String) throws {
        self.path = path
        current = try PostgresServer(directory: path, logger: ScratchCluster.quiet)
        // The server's user, when we are root, has to be able to pass.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    var conninfo: String { current.conninfo() }

    func start() async throws {
        current = try PostgresServer(directory: path, logger: ScratchCluster.quiet)
        try await current.start()
    }

    func stop() async { await current.stop() }
}
