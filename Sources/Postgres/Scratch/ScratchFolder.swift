internal import CLinux
internal import Foundation
internal import Synchronization

/// The directories of scratch clusters, `socle-scratch-…` under the temporary directory.
enum ScratchFolder {
    static let prefix = "socle-scratch-"
    private static var parent: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }
    private static let kept = Mutex<[String: PostgresServer]>([:])

    /// Another prefix keeps a directory whose server comes and goes from being cleared away.
    static func create(prefix: String = prefix) throws(PostgresError) -> String {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw PostgresError(.serverUnusable, "no directory can be made in \(parent)")
        }
        // The server's directory is below: it belongs to another user when we are root, who must be able to pass.
        chmod(made, 0o755)
        return String(cString: made) + "/pg"
    }

    /// Nothing younger is cleared away: its server may not have come to its lock yet.
    private static let minimumAgeSeconds: TimeInterval = 600

    /// Removes what processes that were killed left behind: directories whose lock nobody holds.
    static func clearAway() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(parent)/\(name)")
            guard let made = attributes?[.modificationDate] as? Date, -made.timeIntervalSinceNow > minimumAgeSeconds
            else {
                continue
            }
            let descriptor = open("\(parent)/\(name)/pg/lock", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0,
                let directory = try? ServerDirectory("\(parent)/\(name)/pg"), directory.leftovers().isEmpty
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
    }

    static func remove(_ directory: String) {
        _ = kept.withLock { $0.removeValue(forKey: directory) }
        try? FileManager.default.removeItem(atPath: String(directory.dropLast("/pg".count)))
    }

    static func removeAtExit(_ directory: String, _ server: PostgresServer) {
        let isFirst = kept.withLock { kept in
            defer { kept[directory] = server }
            return kept.isEmpty
        }
        if isFirst { atexit { ScratchFolder.removeAll() } }
    }

    /// Nothing in it is worth a checkpoint: the servers are told to quit at once.
    private static func removeAll() {
        let all = kept.withLock { $0 }
        guard let wakeup = try? Wakeup() else { return }
        for (path, server) in all {
            server.abandon()
            let deadline = ContinuousClock.now + .seconds(5)
            while let directory = try? ServerDirectory(path), let pid = directory.leftovers().first,
                ContinuousClock.now < deadline
            {
                ChildProcess.waitForEnd(of: pid, until: deadline, wakeup)
            }
            remove(path)
        }
    }
}
