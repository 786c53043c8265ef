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
        let (given, output, errors) = (folder.path("input"), folder.path("output"), folder.path("errors"))
        try input.write(toFile: given, atomically: false, encoding: .utf8)
        // Files rather than pipes: a program that fills a pipe nobody empties waits for ever.
        let process = try ChildProcess(
            ["timeout", "-k", "2", String(limit)] + arguments, environment: environment, input: given, output: output,
            errors: errors)
        let status = await process.ended()
        try Task.checkCancellation()
        return Outcome(status: status, output: try Self.text(output), errors: try Self.text(errors))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
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
