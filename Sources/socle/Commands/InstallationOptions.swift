import ArgumentParser
import Foundation

/// Which installation a command is about: a configuration file, and perhaps an embedded server.
struct InstallationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Configuration file.",
            discussion: "Otherwise $SOCLE_CONFIG, config/socle.yaml here, or /etc/socle/socle.yaml.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        help: ArgumentHelp("Use the private PostgreSQL in this directory.", valueName: "dir"), completion: .directory)
    var embedded: String?

    /// The file that counts, whether it is readable or not.
    func file(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
    ) throws(Failure) -> String {
        if let config { return config }
        let places = Configuration.searchPath(environment: environment)
        guard let found = places.first(where: exists) else {
            throw Failure(
                .configuration, "there is no configuration file (looked for \(places.joined(separator: ", ")))",
                mend: "name one with --config FILE")
        }
        return found
    }

    /// The configuration in force: with `--embedded DIR`, what belongs to the installation lives in DIR.
    func load() throws -> Configuration {
        var configuration = try Configuration.load(file: try file())
        if let embedded { try configuration.use(embedded: EmbeddedDirectory(path: embedded)) }
        return configuration
    }
}

/// Where the parts of an embedded installation are.
struct EmbeddedDirectory: Equatable {
    let path: String

    init(path: String) { self.path = URL(filePath: path).standardizedFileURL.path }

    var database: String { path + "/postgres" }
    var installationKeyFile: String { path + "/installation.key" }
    var spool: String { path + "/spool" }

    /// Makes the directory, open to be passed through: the server inside runs as another user when we are root.
    func create() throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        } catch {
            throw Failure(.system, "the directory \(path) cannot be made", mend: "make it, writable by this user")
        }
    }
}
