import Foundation

/// The few ways in which anything of the archive reaches the disk. Blocking: for the archive's own threads alone.
struct DurableFiles: Sendable {
    /// Called after each step; a test that throws here leaves the disk as a crash at that step would.
    var probe: @Sendable (DurableStep) throws -> Void = { _ in }

    /// A file to append to.
    struct Appending: ~Copyable {
        fileprivate let descriptor: Int32
        let path: String
        /// Octets known to be whole: what a failed write leaves behind them is cut off before the next.
        fileprivate(set) var length: Int

        fileprivate init(_ descriptor: Int32, _ path: String, length: Int) {
            (self.descriptor, self.path, self.length) = (descriptor, path, length)
        }

        deinit { close(descriptor) }
    }

    /// Makes a directory and those above it.
    func makeDirectory(_ path: String) throws(RetentionError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw RetentionError(.disk, "\(path) cannot be made") }
    }

    /// Makes a file that is not there, with these octets, both durable.
    func begin(_ path: String, _ octets: [UInt8]) throws -> Appending {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(errno, path) }
        var file = Appending(descriptor, path, length: 0)
        try write(octets, to: &file)
        try synchronise(file)
        try synchroniseFolder(of: path)
        try probe(.journalBegun)
        return file
    }

    /// Appends; durable only once ``synchronise(_:)`` has returned. A write that fails half way is undone.
    func append(_ octets: [UInt8], to file: inout Appending) throws {
        try write(octets, to: &file)
        try probe(.framesWritten)
    }

    private func write(_ octets: [UInt8], to file: inout Appending) throws(RetentionError) {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes {
                pwrite(
                    file.descriptor, $0.baseAddress?.advanced(by: written), $0.count - written,
                    off_t(file.length + written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                let reason = errno
                _ = ftruncate(file.descriptor, off_t(file.length))
                throw Self.error(reason, file.path)
            }
            written += count
        }
        file.length += written
    }

    /// Waits until what was appended survives.
    func synchronise(_ file: borrowing Appending) throws(RetentionError) {
        guard fdatasync(file.descriptor) == 0 else { throw Self.error(errno, file.path) }
    }

    /// Makes an object appear whole under its name, or not at all. An object of that name is replaced.
    func publish(_ octets: [UInt8], at path: String) throws {
        let draft = path + ".part"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(errno, draft) }
        var file = Appending(descriptor, draft, length: 0)
        do {
            try write(octets, to: &file)
            try probe(.objectWritten)
            try synchronise(file)
            try probe(.objectSynchronised)
        } catch let error as RetentionError {
            unlink(draft)
            throw error
        }
        guard rename(draft, path) == 0 else { throw Self.error(errno, path) }
        try probe(.objectNamed)
        try synchroniseFolder(of: path)
        try probe(.objectPublished)
    }

    /// Takes a file away for good; one that is not there is fine.
    func remove(_ path: String) throws(RetentionError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.error(errno, path) }
        try synchroniseFolder(of: path)
    }

    private func synchroniseFolder(of path: String) throws(RetentionError) {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(errno, folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.error(errno, folder) }
    }

    /// The whole of a file, at most `limit` octets.
    static func read(_ path: String, limit: Int) throws(RetentionError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw error(errno, path) }
        defer { try? handle.close() }
        let data: Data
        do { data = try handle.read(upToCount: limit + 1) ?? Data() } catch { throw RetentionError(.disk, path) }
        guard data.count <= limit else { throw RetentionError(.damaged, "\(path) is larger than \(limit) octets") }
        return [UInt8](data)
    }

    private static func error(_ number: Int32, _ path: String) -> RetentionError {
        let text = String(cString: strerror(number))
        return RetentionError(number == ENOSPC || number == EDQUOT ? .diskFull : .disk, "\(path): \(text)")
    }
}
