internal import Foundation

/// The programs of one major version of PostgreSQL.
public struct PostgresBinaries: Sendable, Equatable {
    /// The directory that holds `initdb` and `postgres`.
    public let directory: String
    /// Such as 15.
    public let major: Int

    /// The programs of a given major version, or the newest installed. They are looked for where `pg_config` says and
    /// in `/usr/lib/postgresql/*/bin`. Throws `serverUnusable`.
    public static func find(major: Int? = nil) throws(PostgresError) -> PostgresBinaries {
        let installed = all()
        guard let major else {
            if let newest = installed.max(by: { $0.major < $1.major }) { return newest }
            throw PostgresError(.serverUnusable, "PostgreSQL is not installed (apt-get install postgresql)")
        }
        if let match = installed.first(where: { $0.major == major }) { return match }
        let present = installed.isEmpty ? "none" : installed.map { String($0.major) }.joined(separator: ", ")
        throw PostgresError(.serverUnusable, "PostgreSQL \(major) is not installed, present: \(present)")
    }

    static func all() -> [PostgresBinaries] {
        var directories: [String] = []
        if let said = try? ChildProcess.output(of: "pg_config", ["--bindir"]) { directories.append(said) }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        directories += versions.map { "/usr/lib/postgresql/\($0)/bin" }
        var seen: Set<String> = []
        return directories.filter { seen.insert($0).inserted }.compactMap(PostgresBinaries.init(directory:))
    }

    private init?(directory: String) {
        let isComplete = ["initdb", "postgres"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)")
        }
        // "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
        guard isComplete, let text = try? ChildProcess.output(of: "\(directory)/postgres", ["--version"]),
            let version = text.split(separator: " ").dropFirst(2).first,
            let major = Int(version.prefix { $0.isNumber })
        else { return nil }
        (self.directory, self.major) = (directory, major)
    }
}
