internal import Foundation

/// The user that owns a private server and its files. PostgreSQL refuses to run as root.
struct SystemUser: Equatable, Sendable {
    let name: String
    let uid: uid_t
    let gid: gid_t

    /// Ourselves; when we are root, the first of `names` that exists. Throws `serverUnusable`.
    static func unprivileged(_ names: [String]) throws(PostgresError) -> SystemUser {
        guard getuid() == 0 else { return SystemUser(name: NSUserName(), uid: getuid(), gid: getgid()) }
        for name in names {
            if let user = SystemUser(named: name), user.uid != 0 { return user }
        }
        throw PostgresError(
            .serverUnusable, "none of the users \(names.joined(separator: ", ")) exists, and it must not run as root")
    }

    private init(name: String, uid: uid_t, gid: gid_t) { (self.name, self.uid, self.gid) = (name, uid, gid) }

    private init?(named name: String) {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16_384)
        var found: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.init(name: name, uid: entry.pw_uid, gid: entry.pw_gid)
    }

    /// The command that runs a program as this user, ending it with `signal` when the thread that started it ends.
    func command(_ program: String, _ arguments: [String], endingWithUs signal: String? = nil) -> [String] {
        var command = ["setpriv"]
        if getuid() != uid { command += ["--reuid=\(uid)", "--regid=\(gid)", "--init-groups"] }
        if let signal { command += ["--pdeathsig", signal] }
        return command + ["--", program] + arguments
    }
}
