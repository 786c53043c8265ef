import Foundation
import Testing

/// The commune of `deploy/lab`: a client, a gateway, a server and a small Internet in network namespaces.
///
/// It ends with this value, or with this process however that ends: its first process reads a pipe that we hold.
final class Lab: Sendable {
    /// Where a program runs.
    enum Place: String, Sendable { case client, gateway, server, internet }

    /// The addresses of `deploy/lab/addresses`.
    enum Address {
        static let client = "10.66.0.101"
        static let clientMAC = "02:00:5e:00:53:01"
        static let gatewayLAN = "10.66.0.1"
        static let gateway = "10.90.0.2"
        static let server = "10.90.0.10"
        static let stationMAC = "02:00:5e:00:53:02"
        static let portal = "portail.commune.test"
    }

    /// Whether labs are to be left out, which has to be asked for by name: a test that skips itself proves nothing.
    static var isSkipped: Bool {
        guard ProcessInfo.processInfo.environment["SOCLE_SKIP_LAB"] == "1" else { return false }
        FileHandle.standardError.write(Data("\n*** SOCLE_SKIP_LAB=1: a test of the lab is SKIPPED ***\n\n".utf8))
        return true
    }

    let folder: TemporaryFolder
    private let script: String
    private let holder: Daemon
    // Closing it ends the lab; nobody writes to it.
    private let lifeline: FileHandle

    private init() async throws {
        guard geteuid() == 0 else {
            throw Command.Failure(
                description:
                    "the lab needs root and network namespaces: run as root, or leave it out with SOCLE_SKIP_LAB=1")
        }
        folder = try TemporaryFolder("lab")
        script = try Product.root().appending(path: "deploy/lab/lab").path
        let fifo = folder.path("lifeline")
        guard mkfifo(fifo, 0o600) == 0 else { throw Command.Failure(description: "mkfifo: errno \(errno)") }
        // Opened both ways, so that opening waits for nobody; close-on-exec, so that no other program keeps the lab open.
        let descriptor = open(fifo, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Command.Failure(description: "open: errno \(errno)") }
        lifeline = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        holder = try Daemon(
            "lab", [script, "hold", folder.url.path], input: fifo,
            log: URL(filePath: folder.path("hold.log")))
        try await eventually("the lab opens", within: .seconds(30)) { [holder] in
            holder.status != nil || holder.text.contains("ready")
        }
        if let status = holder.status {
            throw Command.Failure(description: "the lab did not open (status \(status)):\n\(holder.text)")
        }
    }

    /// Opens a lab for the time of `body` and leaves nothing of it. When `body` throws, the logs of its programs are kept
    /// in `var/test-logs/NAME`.
    static func during<Value>(_ name: String, _ body: (Lab) async throws -> Value) async throws -> Value {
        let lab = try await Lab()
        do {
            let value = try await body(lab)
            try await lab.close()
            return value
        } catch {
            try? Product.keep(lab.folder.url.appending(path: "log"), as: name)
            try? await lab.close()
            throw error
        }
    }

    private func close() async throws {
        try lifeline.close()
        try await holder.ended()
        folder.remove()
    }

    /// The command that runs a program at a place.
    func command(_ place: Place, _ arguments: [String], input: String = "", limit: Int = 20) -> Command {
        Command([script, "run", folder.url.path, place.rawValue] + arguments, input: input, limit: limit)
    }

    /// Starts a program that stays; its output goes to `log/NAME.log`.
    func start(_ name: String, _ place: Place, _ arguments: [String]) async throws {
        try await Command([script, "start", folder.url.path, name, place.rawValue] + arguments).run()
    }

    /// Runs a program in the very namespaces of one that was started.
    func join(_ name: String, _ arguments: [String]) -> Command {
        Command([script, "join", folder.url.path, name] + arguments)
    }

    /// Asks a program that was started to end, and waits until it has.
    func end(_ name: String) async throws { try await Command([script, "end", folder.url.path, name]).run() }

    /// What a program that was started has written.
    func log(_ name: String) -> String {
        (try? String(decoding: Data(contentsOf: folder.url.appending(path: "log/\(name).log")), as: UTF8.self)) ?? ""
    }

    /// Whether the client gets through to the Internet: a new name and a new connection each time, so that neither a
    /// cache nor an old state of the gateway answers.
    func internetIsOpen() async throws -> Bool {
        let name = "host-\(UInt32.random(in: 0...UInt32.max)).example.test"
        return try await command(.client, ["curl", "-s", "-m", "3", "http://\(name)/"]).outcome().output.contains(
            "INTERNET-OK")
    }
}
