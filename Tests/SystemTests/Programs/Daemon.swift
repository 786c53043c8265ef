import Foundation
import Synchronization

/// A program that runs beside the tests until it is told to end.
final class Daemon: Sendable {
    private struct State {
        var status: Int32?
    }

    private let process: Process
    private let state: Mutex<State>
    /// Everything it wrote to either output.
    let log: URL
    let name: String

    /// Starts a program whose output goes to the end of `log`.
    init(_ name: String, _ arguments: [String], environment: [String: String] = [:], input: URL? = nil, log: URL) throws
    {
        process = try Process.prepared(arguments, environment: environment, input: input, output: log)
        (self.name, self.log) = (name, log)
        state = Mutex(State())
        process.terminationHandler = { [weak self] ended in
            let status = ended.terminationReason == .exit ? ended.terminationStatus : 128 + ended.terminationStatus
            self?.state.withLock { $0.status = status }
        }
        try process.run()
    }

    deinit { if status == nil { kill(process.processIdentifier, SIGKILL) } }

    /// What it ended with; nil while it runs, 128 + signal when a signal ended it.
    var status: Int32? { state.withLock { $0.status } }

    /// Its number.
    var identifier: Int32 { process.processIdentifier }

    /// Sends a signal, unless it has ended (its number may be another's by then).
    func send(_ signal: Int32) { if status == nil { kill(process.processIdentifier, signal) } }

    /// Waits for its end.
    @discardableResult
    func ended(within limit: Duration = .seconds(15)) async throws -> Int32 {
        try await eventually("\(name) ends", within: limit) { self.status }
    }

    /// What it has written so far.
    var text: String { (try? String(decoding: Data(contentsOf: log), as: UTF8.self)) ?? "" }
}
