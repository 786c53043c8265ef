import Foundation

/// Runs radclient with attributes on its input; its output and whether it took the reply.
func radclient(_ input: String, _ port: UInt16, _ command: String, secret: String = Ground.secret)
    async throws -> (
        text: String, succeeded: Bool
    )
{
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/radclient")
            process.arguments = ["-x", "-t", "2", "-r", "1", "127.0.0.1:\(port)", command, secret]
            let (stdin, stdout) = (Pipe(), Pipe())
            process.standardInput = stdin
            process.standardOutput = stdout
            process.standardError = stdout
            do { try process.run() } catch { return continuation.resume(throwing: error) }
            stdin.fileHandleForWriting.write(Data(input.utf8))
            try? stdin.fileHandleForWriting.close()
            let output = stdout.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            continuation.resume(
                returning: (String(decoding: output, as: UTF8.self), process.terminationStatus == 0))
        }
    }
}
