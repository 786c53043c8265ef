internal import CLinux
internal import Foundation

/// The directory of a private server: `data` (the cluster), `run` (its socket), `server.log` and `lock`.
struct ServerDirectory: Sendable {
    let path: String

    var data: String { "\(path)/data" }
    /// `initdb` works here; renamed to `data` when it is complete, so that half a cluster is never taken for one.
    var unfinished: String { "\(path)/data.new" }
    var run: String { "\(path)/run" }
    var log: String { "\(path)/server.log" }
    private var lock: String { "\(path)/lock" }
    private var pidFile: String { "\(data)/postmaster.pid" }

    /// A unix socket's path holds 107 bytes, of which `/run/.s.PGSQL.5432` takes 18.
    static let maximumPathBytes = 89

    init(_ path: String) throws(PostgresError) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = NSString(string: absolute).standardizingPath
        guard self.path.utf8.count <= ServerDirectory.maximumPathBytes else {
            let excess = "\(self.path.utf8.count) bytes, at most \(ServerDirectory.maximumPathBytes)"
            throw PostgresError(.serverUnusable, "the path of \(self.path) is too long for a unix socket (\(excess))")
        }
    }

    /// Creates the directory for its owner alone, or checks that it may be ours, and takes the lock.
    /// - Returns: the descriptor that holds the lock.
    func prepare(for user: SystemUser) throws(PostgresError) -> Int32 {
        try refuseStrangers()
        for directory in [path, run] {
            if mkdir(directory, 0o700) != 0, errno != EEXIST { throw failure("cannot create \(directory)") }
            if getuid() == 0, chown(directory, user.uid, user.gid) != 0 {
                throw failure("cannot give away \(directory)")
            }
            if chmod(directory, 0o700) != 0 { throw failure("cannot protect \(directory)") }
        }
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open \(lock)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw PostgresError(.serverUnusable, "\(path) is in use by another process")
        }
        return descriptor
    }

    /// Lets go of the lock. Unlocked and not only closed: a program that is being started has a copy of every descriptor
    /// for an instant, and with it the lock.
    static func release(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private func refuseStrangers() throws(PostgresError) {
        let known: Set = ["data", "data.new", "run", "server.log", "server.log.1", "lock"]
        let present = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard !present.contains("data"), let stranger = present.sorted().first(where: { !known.contains($0) }) else {
            return
        }
        throw PostgresError(
            .serverUnusable, "\(path) is not empty and holds no server of ours (found \(stranger)): name another one")
    }

    private func failure(_ what: String) -> PostgresError {
        PostgresError(.serverUnusable, "\(what): \(String(cString: strerror(errno)))")
    }

    /// The major version of the cluster; nil when there is none yet.
    func clusterMajor() throws(PostgresError) -> Int? {
        guard FileManager.default.fileExists(atPath: data) else { return nil }
        let text = try? String(contentsOfFile: "\(data)/PG_VERSION", encoding: .utf8)
        guard let text, let major = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw PostgresError(
                .serverUnusable, "\(data) is not a PostgreSQL cluster: move it away or name another one")
        }
        return major
    }

    /// The programs for the cluster that is here, or the newest when there is none.
    func binaries() throws(PostgresError) -> PostgresBinaries {
        guard let major = try clusterMajor() else { return try PostgresBinaries.find() }
        do throws(PostgresError) {
            return try PostgresBinaries.find(major: major)
        } catch {
            let remedy =
                "install postgresql-\(major), or upgrade the cluster with pg_upgrade, or dump it with the old version"
                + " (pg_dumpall) and restore it into a new directory"
            throw PostgresError(.serverUnusable, "\(data) was made by PostgreSQL \(major): \(error.context); \(remedy)")
        }
    }

    /// At each start of the server a log beyond 8 MiB becomes `server.log.1`: two files are all there ever is.
    func rotateLog() {
        let size = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
        if size > 8 * 1024 * 1024 { rename(log, log + ".1") }
    }

    /// The new cluster takes its place, durably.
    func publish() throws(PostgresError) {
        guard rename(unfinished, data) == 0 else { throw failure("cannot rename \(unfinished)") }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot sync \(path)") }
    }

    // MARK: postmaster.pid

    /// The server says in the eighth line of its file how far it is.
    var isReady: Bool {
        let lines = pidFileLines()
        return lines.count >= 8 && lines[7].trimmingCharacters(in: .whitespaces) == "ready"
    }

    /// Removes what a server that is gone has left, once nothing works on the cluster any more. PostgreSQL takes a lock for
    /// stale only when its number is nobody's, and it may be a zombie's, or since a reboot that of another server.
    func removeLocks() {
        for file in [pidFile, "\(run)/.s.PGSQL.5432.lock", "\(run)/.s.PGSQL.5432"] { unlink(file) }
    }

    /// Processes that still work on this cluster: a server that outlived us, or what a killed one left behind.
    /// They are known by their working directory, which PostgreSQL sets to the cluster, and before that by their command
    /// line; a number in a stale file may belong to anybody by now.
    func leftovers() -> [pid_t] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let real = (try? FileManager.default.destinationOfSymbolicLink(atPath: data)) ?? data
        return numbers.compactMap { pid_t($0) }.filter { pid in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) == real || isStarting(pid)
        }
    }

    /// Whether a process is a server on its way to the cluster, `setpriv` that becomes one included.
    private func isStarting(_ pid: pid_t) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8) else { return false }
        let arguments = line.split(separator: "\0")
        guard let place = arguments.firstIndex(of: "-D"), place > 0, arguments.count > place + 1 else { return false }
        return arguments[place - 1].hasSuffix("/postgres") && arguments[place + 1] == data
    }

    /// The number in the file, if there is one.
    var recordedPid: pid_t? { pidFileLines().first.flatMap { pid_t($0) } }

    private func pidFileLines() -> [String] {
        let text = (try? String(contentsOfFile: pidFile, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
