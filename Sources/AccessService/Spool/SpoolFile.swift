import Glibc

/// The file operations of the spool, each durability step under its own name.
enum SpoolFile {
    static func fault(_ call: String, _ path: String, _ number: Int32) -> AccessError {
        let full = number == ENOSPC || number == EDQUOT || number == EFBIG
        return AccessError(full ? .spoolFull : .spool, "\(call) \(path): \(String(cString: strerror(number)))")
    }

    static func makeDirectory(_ path: String) throws(AccessError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw fault("mkdir", path, errno) }
    }

    static func create(_ path: String) throws(AccessError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault("create", path, errno) }
        return descriptor
    }

    static func openExisting(_ path: String) throws(AccessError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", path, errno) }
        return descriptor
    }

    static func size(_ descriptor: Int32, _ path: String) throws(AccessError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("stat", path, errno) }
        return Int(status.st_size)
    }

    /// Writes everything at `offset` or throws; what a failed write left behind is the caller's to cut off.
    static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, at offset: Int, _ path: String) throws(AccessError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, offset + done)
            }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw fault("write", path, errno)
            }
        }
    }

    static func read(_ descriptor: Int32, at offset: Int, count: Int, _ path: String) throws(AccessError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, offset + filled)
                if read > 0 {
                    filled += read
                } else if read == 0 || errno != EINTR {
                    failure = read == 0 ? 0 : errno
                    return
                }
            }
        }
        guard failure == 0 else { throw fault("read", path, failure) }
        return bytes
    }

    /// The data of a file is on the disk when this returns.
    static func syncFile(_ descriptor: Int32, _ path: String) throws(AccessError) {
        guard fdatasync(descriptor) == 0 else { throw fault("fdatasync", path, errno) }
    }

    /// The names in a directory are on the disk when this returns.
    static func syncDirectory(_ path: String) throws(AccessError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault("fsync", path, errno) }
    }

    static func remove(_ path: String) throws(AccessError) {
        if unlink(path) != 0, errno != ENOENT { throw fault("unlink", path, errno) }
    }

    static func names(in path: String) throws(AccessError) -> [String] {
        guard let directory = opendir(path) else { throw fault("opendir", path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Replaces a small file so that after a crash it is the old one or the new one, whole.
    static func replace(_ path: String, in directory: String, with bytes: [UInt8]) throws(AccessError) {
        let temporary = path + ".new"
        try remove(temporary)
        let descriptor = try create(temporary)
        defer { close(descriptor) }
        try writeAll(bytes, descriptor, at: 0, temporary)
        try syncFile(descriptor, temporary)
        guard rename(temporary, path) == 0 else { throw fault("rename", path, errno) }
        try syncDirectory(directory)
    }
}
