import Foundation
import Synchronization

/// `socle serve` of one installation, on this machine or at the server's place of a lab.
final class ServerProcess: Sendable {
    private let arguments: [String]
    private let log: URL
    private let admin: UInt16
    private let lab: Lab?
    // Nil while it is not running, and in a lab, where the lab's own scripts hold it.
    private let daemon: Mutex<Daemon?> = Mutex(nil)

    init(arguments: [String], log: String, admin: UInt16, lab: Lab?) {
        (self.arguments, self.log, self.admin, self.lab) = (arguments, URL(filePath: log), admin, lab)
    }

    /// Starts it and waits until it is healthy.
    func start() async throws {
        if let lab {
            let line = "exec \"$@\" >>'\(log.path)' 2>&1"
            try await lab.start("socle", .server, ["sh", "-c", line, "sh"] + arguments)
        } else {
            let started = try Daemon("socle", arguments, log: log)
            daemon.withLock { $0 = started }
        }
        try await isHealthy()
    }

    /// Asks it to end and waits until it has.
    func stop() async throws {
        if let lab { return try await lab.end("socle") }
        guard let running = daemon.withLock({ $0 }) else { return }
        running.send(SIGTERM)
        let status = try await running.ended()
        guard status == 0 else { throw Command.Failure(description: "socle ended with \(status)") }
    }

    /// Stops it where it is.
    func freeze() { daemon.withLock { $0 }?.send(SIGSTOP) }

    /// Ends it without a word.
    func kill() async throws {
        guard let running = daemon.withLock({ $0 }) else { return }
        running.send(SIGKILL)
        let status = try await running.ended()
        guard status == 128 + SIGKILL else { throw Command.Failure(description: "socle had ended with \(status)") }
    }

    /// Starts it if it has ended, and waits until it is healthy.
    func standsAgain() async throws {
        guard let running = daemon.withLock({ $0 }) else { return }
        if running.status != nil { return try await start() }
        try await isHealthy()
    }

    private func isHealthy() async throws {
        let request = [
            "curl", "-s", "-m", "2", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:\(admin)/health",
        ]
        try await eventually("socle is healthy", within: .seconds(60)) {
            if let status = daemon.withLock({ $0?.status }) {
                throw Command.Failure(description: "socle ended with \(status)")
            }
            let command = lab?.command(.server, request) ?? Command(request)
            return try await command.outcome().output == "200"
        }
    }
}
