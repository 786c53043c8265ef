internal import Evidence
import Foundation

/// Where things are in an archive's directory. Names hold nothing personal: the class, the group, the day, a random name.
struct ArchiveLayout: Sendable {
    /// The directory, absolute.
    let root: String

    /// Records that are not sealed yet, encrypted.
    var journals: String { root + "/journals" }
    /// Sealed objects and the log over them: what an auditor takes away. Its own layout is the format's.
    var published: String { root + "/archive" }
    /// What the daemon remembers and can lose.
    var state: String { root + "/state" }
    /// Held by the process that has the archive open.
    var lock: String { root + "/lock" }

    var folders: [String] { [root, journals, published, state] }

    func journal(_ id: SegmentID) -> String { "\(journals)/\(id).journal" }

    func object(_ name: String) -> String { published + "/" + name }
}

/// An archive's directory that this process alone has open.
final class ArchiveLock: Sendable {
    private let descriptor: Int32

    /// Throws `.inUse` when another process has it.
    init(_ layout: ArchiveLayout) throws(RetentionError) {
        descriptor = open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RetentionError(.disk, "\(layout.lock): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RetentionError(.inUse, "\(layout.root) is open in another process")
        }
    }

    deinit { close(descriptor) }
}
