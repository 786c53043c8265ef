import Foundation
import OpenSSL

/// Small files that are either whole or not there, whatever happens half-way.
enum DurableFile {
    /// Who may read a file.
    enum Access: mode_t {
        case owner = 0o600
        case everybody = 0o644
    }

    /// Writes a new file; refused with `.exists` when the name is taken.
    static func create(_ path: String, _ octets: [UInt8], _ access: Access) throws(Failure) {
        let draft = try write(octets, beside: path, access)
        defer { unlink(draft) }
        // A link, unlike a rename, is refused when the name is taken.
        guard link(draft, path) == 0 else {
            if errno == EEXIST { throw Failure(.exists, "the file \(path) exists", mend: "name another one") }
            throw refused(path)
        }
        try syncFolder(of: path)
    }

    /// Writes a file in place of the one of that name: a reader sees the old one or the new one.
    static func replace(_ path: String, _ octets: [UInt8], _ access: Access) throws(Failure) {
        let draft = try write(octets, beside: path, access)
        guard rename(draft, path) == 0 else {
            unlink(draft)
            throw refused(path)
        }
        try syncFolder(of: path)
    }

    /// The octets of a file of at most `limit`.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Failure(.notFound, "the file \(path) cannot be read")
        }
        let data: Data
        do {
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw Failure(.system, "the file \(path) cannot be read")
        }
        guard data.count <= limit else { throw Failure(.data, "the file \(path) has more than \(limit) octets") }
        return [UInt8](data)
    }

    /// A new name in a folder survives a power cut once the folder is on disk too.
    static func syncFolder(of path: String) throws(Failure) {
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw refused(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw refused(path) }
    }

    private static func write(_ octets: [UInt8], beside path: String, _ access: Access) throws(Failure) -> String {
        let draft = "\(path).new-\(Hex.encode(SecureRandom.bytes(8)))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, access.rawValue)
        guard file >= 0 else { throw refused(path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        do {
            // Whatever the umask: the daemons run as other users than whoever makes certificates.
            guard fchmod(file, access.rawValue) == 0 else { throw Failure(.system, "mode") }
            try handle.write(contentsOf: Data(octets))
            try handle.synchronize()
        } catch {
            unlink(draft)
            throw Failure(.system, "the file \(path) cannot be written", mend: "is there room?")
        }
        return draft
    }

    private static func refused(_ path: String) -> Failure {
        Failure(
            .system, "the file \(path) cannot be made",
            mend: "is its directory there, and writable by \(NSUserName())?")
    }
}
