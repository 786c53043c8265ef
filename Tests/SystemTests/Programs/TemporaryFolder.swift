import Foundation

/// A folder of its own for one run of one test, short enough for the sockets inside it (sun_path has 108 octets).
struct TemporaryFolder: Sendable {
    let url: URL

    /// Makes `/tmp/socle-NAME-…`, readable by the unprivileged users that daemons become.
    init(_ name: String) throws {
        let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        url = URL(filePath: "/tmp/socle-\(name)-\(suffix)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    }

    /// Path of a file inside.
    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Removes it and all that is in it.
    func remove() { try? FileManager.default.removeItem(at: url) }
}
