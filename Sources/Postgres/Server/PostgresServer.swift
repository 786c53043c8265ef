internal import CLinux
internal import Foundation
public import Logging

/// A private PostgreSQL server in a directory of its own: reached through a unix socket only, owned by an unprivileged
/// user even when we are root, and ended with us.
///
/// The kernel tells it to shut down when our process dies, however that happens (PR_SET_PDEATHSIG with the signal of
/// the fast shutdown). A server found on the directory at start is one that has not finished doing so: it is waited
/// for, told again, and at last forced, after which PostgreSQL recovers from its log. Nothing is adopted, so what runs
/// always has the settings given here. A server that dies by itself is started again.
///
/// Only one process at a time uses a directory. Access is `trust` behind directories of mode 0700.
public final class PostgresServer: Sendable {
    private let directory: ServerDirectory
    private let settings: [String: String]
    private let users: [String]
    private let logger: Logger
    private let wakeup: Wakeup
    private let state = ServerState()

    /// A server in `directory`, which is created by `start()` if need be.
    ///
    /// `settings` are run-time settings of the server (`shared_buffers`, …). `users` are the system users of which the
    /// first that exists owns the cluster when we are root. Throws `serverUnusable` for a path that is too long.
    public init(
        directory: String, settings: [String: String] = [:], users: [String] = ["postgres", "nobody"], logger: Logger
    ) throws(PostgresError) {
        self.directory = try ServerDirectory(directory)
        self.settings = settings
        self.users = users
        self.logger = logger
        wakeup = try Wakeup()
    }

    /// Makes the cluster if there is none, starts it and waits until it takes connections. Once per object.
    ///
    /// Throws `serverUnusable`, with a context that says what to do, when PostgreSQL is not installed, the cluster is
    /// of a major version that is not, the directory holds something else or another process uses it.
    public func start() async throws(PostgresError) {
        guard state.begin() else { throw PostgresError(.closed, "a server is started once") }
        let error = await state.waitForStart {
            let thread = Thread { [directory, settings, users, wakeup, logger, state] in
                socle_name_thread("pg-server")
                ServerSupervisor(
                    directory, settings: settings, userNames: users, wakeup: wakeup, logger: logger, shared: state
                ).run()
            }
            thread.start()
        }
        if let error { throw error }
    }

    /// Fast shutdown; returns when the server has ended.
    public func stop() async {
        state.stop()
        wakeup.signal()
        await state.waitForEnd()
    }

    /// Ends the server without a checkpoint, without waiting for it, for good.
    func abandon() {
        state.stop()
        if let pid = processID { kill(pid, SIGQUIT) }
    }

    /// Returns when the server has been stopped.
    public func ended() async { await state.waitForEnd() }

    /// A connection string for a database of this server, as its superuser unless said otherwise.
    public func conninfo(database: String = "postgres", user: String = "postgres") -> String {
        "host='\(directory.run)' port=5432 dbname='\(database)' user='\(user)'"
    }

    /// The process of the server, while it runs.
    public var processID: Int32? { directory.isReady ? directory.recordedPid : nil }

    /// The server's directory.
    public var path: String { directory.path }

    /// Where the server writes its log.
    public var logFile: String { directory.log }
}
