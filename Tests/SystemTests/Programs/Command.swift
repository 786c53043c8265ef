import Foundation

/// A program run to its end.
struct Command: Sendable, CustomStringConvertible {
    /// What came of it.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
        /// Both texts, for messages and for searching.
        var text: String { output + errors }
    }

    /// A program that failed where it had to succeed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var arguments: [String]
    var environment: [String: String] = [:]
    var input: String = ""
    /// After so many seconds it is told to end, and killed two seconds later.
    var limit: Int = 20

    init(_ arguments: [String], environment: [String: String] = [:], input: String = "", limit: Int = 20) {
        (self.arguments, self.environment, self.input, self.limit) = (arguments, environment, input, limit)
    }

    var description: String { arguments.joined(separator: " ") }

    /// Runs it; a status other than 0 is an answer.
    func outcome() async throws -> Outcome {
        let folder = try TemporaryFolder("command")
        defer { folder.remove() }
        let output = folder.url.appending(path: "output"), errors = folder.url.appending(path: "errors")
        let given = folder.url.appending(path: "input")
        try Data(input.utf8).write(to: given)
        // Files rather than pipes: a program that fills a pipe nobody empties waits for ever.
        let process = try Process.prepared(
            ["/usr/bin/timeout", "-k", "2", String(limit)] + arguments, environment: environment,
            input: given, output: output, errors: errors)
        let status = try await process.runToEnd()
        return Outcome(
            status: status, output: try String(decoding: Data(contentsOf: output), as: UTF8.self),
            errors: try String(decoding: Data(contentsOf: errors), as: UTF8.self))
    }

    /// Runs it and returns its output; throws ``Failure`` with all it said unless its status is 0.
    @discardableResult
    func run() async throws -> String {
        let outcome = try await outcome()
        guard outcome.status == 0 else {
            let reason = outcome.status == 124 ? "did not end within \(limit) s" : "status \(outcome.status)"
            throw Failure(description: "\(self): \(reason)\n\(outcome.text)")
        }
        return outcome.output
    }
}

extension Process {
    /// A process with its files; `arguments` begin with the path or name of the program.
    static func prepared(
        _ arguments: [String], environment: [String: String] = [:], input: URL? = nil, output: URL, errors: URL? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let manager = FileManager.default
        for file in [output, errors].compactMap(\.self) where !manager.fileExists(atPath: file.path) {
            guard manager.createFile(atPath: file.path, contents: nil) else {
                throw Command.Failure(description: "cannot create \(file.path)")
            }
        }
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        let sink = try FileHandle(forWritingTo: output)
        try sink.seekToEnd()
        process.standardOutput = sink
        process.standardError = try errors.map { try FileHandle(forWritingTo: $0) } ?? sink
        return process
    }

    /// Starts it and waits for its end; 128 + signal when one ended it.
    func runToEnd() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { ended in
                continuation.resume(
                    returning: ended.terminationReason == .exit
                        ? ended.terminationStatus : 128 + ended.terminationStatus)
            }
            do {
                try run()
            } catch {
                terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
