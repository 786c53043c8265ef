internal import CLinux
internal import Foundation

/// A program we start: with its output in a file, its own process group (a Ctrl-C at our terminal is ours to handle)
/// and no descriptor of ours.
struct ChildProcess {
    let pid: pid_t

    /// Starts a program. Throws `serverUnusable`.
    init(_ program: String, _ arguments: [String], output: String) throws(PostgresError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var child: pid_t = 0
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        argv.append(nil)
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C"), strdup("PATH=\(path)"), nil]
        defer { for text in argv + environment { free(text) } }
        let code = posix_spawnp(&child, program, &actions, &attributes, &argv, &environment)
        guard code == 0 else {
            throw PostgresError(.serverUnusable, "\(program) cannot be started: \(String(cString: strerror(code)))")
        }
        pid = child
    }

    /// Waits for the end until the deadline, or until `wakeup` is signalled.
    /// - Returns: the status as of `waitpid`; nil while it runs.
    func wait(until deadline: ContinuousClock.Instant?, _ wakeup: Wakeup) -> Int32? {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { return status }
        ChildProcess.waitForEnd(of: pid, until: deadline, wakeup)
        return waitpid(pid, &status, WNOHANG) == pid ? status : nil
    }

    /// Waits for the end of any process. Returns early when `wakeup` is signalled.
    static func waitForEnd(of pid: pid_t, until deadline: ContinuousClock.Instant?, _ wakeup: Wakeup) {
        let descriptor = pidfd_open(pid, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        wakeup.wait(socket: descriptor, events: Int32(POLLIN), until: deadline)
    }

    /// Runs a program that ends soon; its output without the last newline. Throws `serverUnusable` with that output.
    @discardableResult
    static func output(
        of program: String, _ arguments: [String], within limit: Duration = .seconds(10)
    ) throws(PostgresError) -> String {
        let file = NSTemporaryDirectory() + "/socle-" + UUID().uuidString
        defer { unlink(file) }
        let child = try ChildProcess(program, arguments, output: file)
        let status = child.wait(until: .now + limit, try Wakeup())
        let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        guard let status else {
            kill(child.pid, SIGKILL)
            _ = waitpid(child.pid, nil, 0)
            throw PostgresError(.serverUnusable, "\(program) did not end within \(limit)")
        }
        let text = output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard status == 0 else { throw PostgresError(.serverUnusable, "\(program) failed: \(text.suffix(400))") }
        return text
    }
}
