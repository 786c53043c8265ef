internal import Foundation
internal import Logging

/// The thread that starts a private server, watches it and stops it. The kernel ends the server when this thread ends.
final class ServerSupervisor {
    private let directory: ServerDirectory
    private let settings: [String: String]
    private let userNames: [String]
    private let wakeup: Wakeup
    private let logger: Logger
    private let shared: ServerState
    private var lock: Int32 = -1

    init(
        _ directory: ServerDirectory, settings: [String: String], userNames: [String], wakeup: Wakeup, logger: Logger,
        shared: ServerState
    ) {
        self.directory = directory
        self.settings = settings
        self.userNames = userNames
        self.wakeup = wakeup
        self.logger = logger
        self.shared = shared
    }

    /// Returns when the server has been asked to stop, or could not be started the first time.
    func run() {
        var failure: PostgresError?
        do throws(PostgresError) {
            let user = try SystemUser.unprivileged(userNames)
            lock = try directory.prepare(for: user)
            let binaries = try directory.binaries()
            try initialise(binaries, user)
            let child = try start(binaries, user)
            shared.started()
            watch(child, binaries, user)
        } catch { failure = error }
        // Before the end is told: who waits for it may start another server here at once.
        if lock >= 0 { ServerDirectory.release(lock) }
        shared.ended(failure)
    }

    // MARK: Starting

    private func initialise(_ binaries: PostgresBinaries, _ user: SystemUser) throws(PostgresError) {
        guard try directory.clusterMajor() == nil else { return }
        try? FileManager.default.removeItem(atPath: directory.unfinished)
        let arguments = [
            "-D", directory.unfinished, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--data-checksums",
        ]
        let command = user.command("\(binaries.directory)/initdb", arguments)
        do throws(PostgresError) {
            try ChildProcess.output(of: command[0], Array(command.dropFirst()), within: .seconds(120))
        } catch {
            let hint = getuid() == 0 ? " (can the user \(user.name) reach it?)" : ""
            throw PostgresError(
                .serverUnusable, "no cluster could be made in \(directory.path)\(hint): \(error.context)")
        }
        try directory.publish()
    }

    private func start(_ binaries: PostgresBinaries, _ user: SystemUser) throws(PostgresError) -> ChildProcess {
        try endLeftovers()
        directory.rotateLog()
        var arguments = ["-D", directory.data]
        let fixed = [
            "listen_addresses": "", "unix_socket_directories": directory.run, "unix_socket_permissions": "0700",
            "port": "5432", "logging_collector": "off",
        ]
        // Its log is a file like any other: no statement and no detail, which would quote rows.
        let discreet = ["log_error_verbosity": "terse", "log_min_error_statement": "panic"]
        let all = discreet.merging(settings) { _, given in given }.merging(fixed) { _, fixed in fixed }
        for (name, value) in all.sorted(by: <) {
            arguments += ["-c", "\(name)=\(value)"]
        }
        let command = user.command("\(binaries.directory)/postgres", arguments, endingWithUs: "INT")
        let child = try ChildProcess(command[0], Array(command.dropFirst()), output: directory.log)
        // Recovery after a crash replays the log since the last checkpoint: minutes on a slow disk.
        let deadline = ContinuousClock.now + .seconds(300)
        while !directory.isReady || directory.recordedPid != child.pid {
            let status = child.wait(until: .now + .milliseconds(10), wakeup)
            if status != nil || ContinuousClock.now >= deadline || shared.mustStop {
                if status == nil { end(child) }
                throw PostgresError(.serverUnusable, "the server did not start: \(lastLines())")
            }
        }
        return child
    }

    /// The last of what the server wrote; it names files and settings, no data.
    private func lastLines() -> String {
        let text = (try? String(contentsOfFile: directory.log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").suffix(4)
        return lines.isEmpty ? "nothing in \(directory.log)" : lines.joined(separator: " | ")
    }

    /// A server that outlived our predecessor is ended the fast way (the kernel has told it already, as a rule), then
    /// the hard way, from which it recovers.
    private func endLeftovers() throws(PostgresError) {
        if directory.leftovers().isEmpty {
            directory.removeLocks()
            return
        }
        logger.notice("waiting for the previous server on this directory to end")
        for (signal, patience) in [(SIGINT, Duration.seconds(30)), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(5))] {
            let left = directory.leftovers()
            // The server ends what it started. Where it is gone, or has not come so far, each is told by itself.
            let told = left.filter { $0 == directory.recordedPid }
            for pid in told.isEmpty ? left : told { kill(pid, signal) }
            let deadline = ContinuousClock.now + patience
            while let pid = directory.leftovers().first, ContinuousClock.now < deadline {
                ChildProcess.waitForEnd(of: pid, until: min(deadline, .now + .seconds(1)), wakeup)
            }
            if directory.leftovers().isEmpty {
                directory.removeLocks()
                return
            }
        }
        throw PostgresError(.serverUnusable, "a previous server on \(directory.path) does not end")
    }

    // MARK: Watching

    /// Until it is to stop; a server that ends by itself is started again.
    private func watch(_ first: ChildProcess, _ binaries: PostgresBinaries, _ user: SystemUser) {
        var child: ChildProcess? = first
        var backoff = Backoff(first: .milliseconds(100), maximum: .seconds(10))
        while !shared.mustStop {
            if let running = child {
                guard running.wait(until: nil, wakeup) != nil else { continue }
                child = nil
                if shared.mustStop { return }
                logger.error("the database server ended, starting it again")
            }
            do throws(PostgresError) {
                child = try start(binaries, user)
                backoff.reset()
            } catch {
                if shared.mustStop { return }
                logger.error("the database server does not start", metadata: ["reason": "\(error.context)"])
                let end = ContinuousClock.now + backoff.delay(random: .random(in: 0..<1))
                while ContinuousClock.now < end, !shared.mustStop { wakeup.wait(until: end) }
            }
        }
        if let child { end(child) }
    }

    /// Fast shutdown: open transactions are rolled back, a checkpoint is made. If that hangs, the hard way.
    private func end(_ child: ChildProcess) {
        for (signal, patience) in [(SIGINT, Duration.seconds(60)), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(10))] {
            kill(child.pid, signal)
            let deadline = ContinuousClock.now + patience
            while ContinuousClock.now < deadline {
                if child.wait(until: deadline, wakeup) != nil { return }
            }
        }
    }
}
