import Foundation

/// A program that runs beside the tests until it is told to end.
final class Daemon: Sendable {
    private let process: ChildProcess
    /// Everything it wrote to either output.
    let log: URL
    let name: String

    /// Starts a program whose output goes to the end of `log`.
    init(_ name: String, _ arguments: [String], input: String = "/dev/null", log: URL) throws {
        (self.name, self.log) = (name, log)
        process = try ChildProcess(arguments, input: input, output: log.path)
    }

    deinit { process.send(SIGKILL) }

    /// What it ended with; nil while it runs, 128 + signal when a signal ended it.
    var status: Int32? { process.status }

    /// Its number.
    var identifier: Int32 { process.identifier }

    /// Sends a signal, unless it has ended.
    func send(_ signal: Int32) { process.send(signal) }

    /// Waits for its end.
    @discardableResult
    func ended(within limit: Duration = .seconds(15)) async throws -> Int32 {
        try await eventually("\(name) ends", within: limit) { self.status }
    }

    /// What it has written so far.
    var text: String { (try? String(decoding: Data(contentsOf: log), as: UTF8.self)) ?? "" }
}
