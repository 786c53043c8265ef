import Foundation
import Glibc
import Testing

/// FreeRADIUS with a configuration of its own, until `stop` or the end of the object.
final class FreeRADIUS: @unchecked Sendable {
    // Invariant of @unchecked: `process` is touched by the one test that owns the object.
    private var process: Process?
    private let folder: URL
    private let log: URL
    let port: UInt16
    let accountingPort: UInt16

    /// `body` is what stands beside `listen` in the server section and what the modules are; `clients` too is text.
    init(port: UInt16 = freePort(), accountingPort: UInt16 = freePort(), _ body: Body) throws {
        (self.port, self.accountingPort) = (port, accountingPort)
        folder = FileManager.default.temporaryDirectory.appending(path: "freeradius-\(UUID().uuidString)")
        log = folder.appending(path: "log")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try body.users.write(to: folder.appending(path: "users"), atomically: true, encoding: .utf8)
        try configuration(body).write(
            to: folder.appending(path: "radiusd.conf"), atomically: true, encoding: .utf8)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What differs from test to test.
    struct Body {
        /// Of rlm_files.
        var users = ""
        /// Sections at the top level: home servers, realms.
        var top = ""
        /// Inside `modules`.
        var modules = ""
        /// Inside the server section.
        var server: String
    }

    private func configuration(_ body: Body) -> String {
        """
        prefix = /usr
        confdir = \(folder.path)
        run_dir = \(folder.path)
        logdir = \(folder.path)
        libdir = /usr/lib/freeradius
        pidfile = \(folder.path)/pid
        security {
            status_server = yes
        }
        client here {
            ipaddr = 127.0.0.1
            secret = \(Self.secret)
        }
        \(body.top)
        modules {
            always ok {
                rcode = ok
            }
            pap {
            }
            chap {
            }
            files {
                usersfile = \(folder.path)/users
            }
            \(body.modules)
        }
        server default {
            listen {
                type = auth
                ipaddr = 127.0.0.1
                port = \(port)
            }
            listen {
                type = acct
                ipaddr = 127.0.0.1
                port = \(accountingPort)
            }
            \(body.server)
        }
        """
    }

    static let secret = "between-us-and-home"

    /// Starts it and waits until it serves.
    func start() async throws {
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/freeradius")
        process.arguments = ["-f", "-xx", "-l", "stdout", "-d", folder.path]
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        self.process = process
        try await eventually { text.contains("Ready to process requests") || !process.isRunning }
        try #require(process.isRunning, "\(text)")
    }

    /// Ends it at once, without a farewell.
    func stop() {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// What it has said since it was started.
    var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// How often a line has been said.
    func count(_ line: String) -> Int { text.components(separatedBy: line).count - 1 }
}

/// A UDP port of the loopback that nobody uses now.
func freePort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = bind(descriptor, $0, length)
            _ = getsockname(descriptor, $0, &length)
        }
    }
    return UInt16(bigEndian: address.sin_port)
}
