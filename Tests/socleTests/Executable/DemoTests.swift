import Foundation
import Testing

@testable import socle

/// The command a newcomer types first.
@Suite(.timeLimit(.minutes(5))) struct DemoTests {
    private func demo(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = ConfigurationTests.packageRoot.appending(path: "deploy/demo")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["SOCLE_BINARY": Executable.path]) { _, new in
            new
        }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        let handle = pipe.fileHandleForReading
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                do {
                    try process.run()
                    let text = String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    continuation.resume(returning: (process.terminationStatus, text))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    @Test func `starts, logs in with the printed line, shows the portal page, keeps visitors coming, and ends; twice`()
        async throws
    {
        let folder = "/tmp/socle-demo-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ports = String(Int.random(in: 20_000...31_000))
        let first = try await demo(["--once", "--visitors", "12", "--for", "4", "--ports", ports, "--dir", folder])
        #expect(first.status == 0, "\(first.output)")
        #expect(first.output.contains("501 communes created"))
        #expect(first.output.contains("logged in, and the portal page is there"))
        #expect(first.output.contains(#/visitors: 0 online, [1-9]\d* logins/#))
        let again = try await demo(["--once", "--ports", ports, "--dir", folder])
        #expect(again.status == 0, "\(again.output)")
        #expect(again.output.contains("501 unchanged"))
    }

    @Test func `refuses an option it does not know with status 64`() async throws {
        #expect(try await demo(["--frobnicate"]).status == 64)
    }
}
