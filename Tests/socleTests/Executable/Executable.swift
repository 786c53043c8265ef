import Foundation
import Synchronization

/// The real `socle`, built beside this test bundle.
enum Executable {
    static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "socle").path

    struct Outcome {
        let status: Int32
        let output: String
        let error: String
    }

    /// Runs a verb to its end.
    static func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws
        -> Outcome
    {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, error)
        // Files rather than handlers would do as well; each pipe has a thread, so none can fill up and block.
        async let text = Self.text(of: output)
        async let complaints = Self.text(of: error)
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try standardInput.fileHandleForWriting.close()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Outcome(status: status, output: await text, error: await complaints)
    }

    private static func text(of pipe: Pipe) async -> String {
        let descriptor = pipe.fileHandleForReading
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: String(decoding: descriptor.readDataToEndOfFile(), as: UTF8.self))
            }
        }
    }
}
