internal import Foundation
internal import OpenSSL

/// The one secret of an installation that the database never sees: 32 random octets in a file that its owner alone can
/// read. Portal and access nodes of one territory share it.
public struct InstallationKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Octets of the file.
    public static let length = 32

    private let octets: [UInt8]

    /// A key from octets that were kept elsewhere. Throws `.keyFileSize` for another number than 32.
    public init(octets: [UInt8]) throws(StoreError) {
        guard octets.count == Self.length else { throw StoreError(.keyFileSize, "the installation key") }
        self.octets = octets
    }

    /// A fresh key that is in no file: for tests and for what ends with the process.
    public static func random() -> InstallationKey { InstallationKey(fresh: SecureRandom.bytes(length)) }

    private init(fresh octets: [UInt8]) { self.octets = octets }

    /// Reads the key of a file, which may be a credential that systemd gives this process.
    ///
    /// Throws as ``load(from:credentials:)``.
    public static func load(from path: String) throws(StoreError) -> InstallationKey {
        try load(from: path, credentials: ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"])
    }

    /// Reads the key of a file.
    ///
    /// `credentials` is the directory in which systemd keeps the credentials of this unit: a file in it, which systemd may
    /// let the group read (0440), is guarded by the directory.
    ///
    /// Throws `.keyFileUnreadable`, `.keyFileExposed` when the group or others have any right on it, `.keyFileSize`.
    public static func load(from path: String, credentials: String?) throws(StoreError) -> InstallationKey {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StoreError(.keyFileUnreadable, path) }
        defer { close(file) }
        // Asked of the open file, not of its name: nobody can exchange it in between.
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.keyFileUnreadable, path)
        }
        let isCredential = credentials.map { isDirectly(path, in: $0) } ?? false
        guard status.st_mode & (isCredential ? 0o037 : 0o077) == 0 else { throw StoreError(.keyFileExposed, path) }
        guard status.st_size == off_t(length) else { throw StoreError(.keyFileSize, path) }
        var octets = [UInt8](repeating: 0, count: length)
        guard octets.withUnsafeMutableBytes({ read(file, $0.baseAddress, $0.count) }) == length else {
            throw StoreError(.keyFileUnreadable, path)
        }
        return InstallationKey(fresh: octets)
    }

    /// Makes a key and keeps it in a new file of mode 0600, durable before this returns. Throws `.keyFileNotCreated`,
    /// also when the file exists: a lost key cannot be made again, so nothing overwrites one.
    ///
    /// The file appears under its name only when it is whole: a crash half-way leaves no empty key that would stop every
    /// start after it.
    public static func create(at path: String) throws(StoreError) -> InstallationKey {
        let octets = SecureRandom.bytes(length)
        let draft = "\(path).new-\(Hex.encode(SecureRandom.bytes(8)))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError(.keyFileNotCreated, path) }
        let written = octets.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let isSafe = written == length && fsync(file) == 0
        close(file)
        // A link, unlike a rename, is refused when the name is taken.
        let isPlaced = isSafe && link(draft, path) == 0
        unlink(draft)
        guard isPlaced, syncFolder(of: path) else { throw StoreError(.keyFileNotCreated, path) }
        return InstallationKey(fresh: octets)
    }

    /// Reads the key of a file, or makes the file when there is none. Several processes may start at once.
    public static func loadOrCreate(at path: String) throws(StoreError) -> InstallationKey {
        if access(path, F_OK) != 0, let key = try? create(at: path) { return key }
        // Another process may have made it in between; where nobody can, this says that it is not there.
        return try load(from: path)
    }

    /// The key for one purpose: HMAC-SHA-256 of its label, 32 octets. Labels are part of the stored format.
    public func subkey(_ label: String) -> [UInt8] { Digest.hmacSHA256(key: octets, Array(label.utf8)) }

    /// Says nothing about the key.
    public var description: String { "InstallationKey(redacted)" }
    /// Says nothing about the key.
    public var debugDescription: String { description }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Whether a file is one of a directory's own, not behind a link that leads elsewhere.
    private static func isDirectly(_ path: String, in directory: String) -> Bool {
        guard directory.hasPrefix("/") else { return false }
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let folder = URL(fileURLWithPath: directory).resolvingSymlinksInPath()
        return file.deletingLastPathComponent().path == folder.path
    }

    /// A new file survives a power cut once its folder is on disk too.
    private static func syncFolder(of path: String) -> Bool {
        let folder = open(
            URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}
