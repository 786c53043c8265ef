import Foundation

/// A folder of its own for one run of one test, short enough for the sockets inside it (sun_path has 108 octets).
struct TemporaryFolder: Sendable {
    private static let prefix = "socle-system-"
    // Evaluated once: removes what runs that were killed have left.
    private static let sweep: Void = {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? [] where name.hasPrefix(prefix) {
            let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let number = pid_t(owner), kill(number, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: "/tmp/\(name)")
        }
    }()

    let url: URL

    /// Makes `/tmp/socle-system-PROCESS-NAME-…`, readable by the unprivileged users that daemons become.
    init(_ name: String) throws {
        _ = Self.sweep
        let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        url = URL(filePath: "/tmp/\(Self.prefix)\(getpid())-\(name)-\(suffix)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    }

    /// Path of a file inside.
    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Removes it and all that is in it.
    func remove() { try? FileManager.default.removeItem(at: url) }
}
