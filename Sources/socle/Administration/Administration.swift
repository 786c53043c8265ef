import Foundation
import Postgres
import Store
import Territory

/// What the verbs of administration work with: the configuration, the owner's connection and the installation's keys.
struct Administration {
    let configuration: Configuration
    let client: PostgresClient
    let keys: InstallationKeys

    /// Runs `body` with the installation that the options name.
    static func run(_ options: InstallationOptions, _ body: (Administration) async throws -> Void) async throws {
        let configuration = try options.load()
        let keys = InstallationKeys(try InstallationKey.load(from: configuration.installationKeyFile))
        try await DatabaseSession.with(configuration.database.owner) { client in
            try await body(Administration(configuration: configuration, client: client, keys: keys))
        }
    }

    var organisations: Organisations { Organisations(client) }
    var packages: Packages { Packages(client) }
    var sites: Sites { Sites(client, keys: keys) }
    var servers: NASDirectory { NASDirectory(client, keys: keys) }
    var vouchers: Vouchers { Vouchers(client, keys: keys) }
    var accounts: Accounts { Accounts(client) }

    /// The commune, EPCI or Département of an INSEE code.
    func organisation(code: String) async throws -> Organisation {
        guard let found = try await organisations.find(codeINSEE: code) else {
            throw Failure(
                .notFound, "there is no organisation with the INSEE code \(code)",
                mend: "socle territory import brings communes in")
        }
        return found
    }

    func site(slug text: String) async throws -> Site {
        guard let slug = Slug(rawValue: text), let found = try await sites.find(slug: slug) else {
            throw Failure(.notFound, "there is no site “\(text)”", mend: "socle site list shows them")
        }
        return found
    }

    /// Writes down who did what. The data are changed by then: if this fails, that is said and not undone.
    func record(_ action: String, organisation: OrganisationID? = nil, _ detail: [String: String] = [:]) async throws {
        let user = NSUserName()
        try await AuditLog(client).append(
            actor: "cli:\(user.isEmpty ? "\(getuid())" : user)", action: action, organisation: organisation,
            detail: detail, at: .now)
    }
}

/// Files named on the command line.
enum CommandFile {
    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data else { throw Failure(.notFound, "the file \(path) cannot be read") }
        return [UInt8](data)
    }

    /// A secret: the first line of a file or of standard input, without its line end.
    static func secret(_ path: String) throws(Failure) -> Secret {
        let line = try read(path).prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else {
            throw Failure(.data, "\(path == "-" ? "standard input" : path) holds no secret in its first line")
        }
        return Secret(Array(line))
    }
}

/// A new file that only its owner may read, unless all may.
struct PrivateFile {
    private let path: String
    private let handle: FileHandle

    /// Makes it; an existing file is not overwritten.
    init(creating path: String, readableByAll: Bool = false) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readableByAll ? 0o644 : 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw Failure(.exists, "the file \(path) exists", mend: "name another one") }
            throw Failure(
                .system, "the file \(path) cannot be made", mend: "is its directory there, and writable by you?")
        }
        (self.path, handle) = (path, FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    /// Appends text; it is on disk when this returns.
    func append(_ text: String) throws(Failure) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
            try handle.synchronize()
        } catch {
            throw Failure(.system, "the file \(path) cannot be written", mend: "is there room?")
        }
    }
}
