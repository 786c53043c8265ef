import Foundation
import Testing

/// A file system of its own, a few pages large, mounted on a directory for one test.
final class SmallDisk: Sendable {
    /// Why no test can have one; nil: it can. Told aloud, because a test that skips itself proves nothing.
    static let obstacle: String? = {
        guard let directory = try? ScratchDirectory() else { return "no scratch directory" }
        guard (try? SmallDisk(at: directory.path, kibibytes: 16)) == nil else { return nil }
        let reason = "mounting a tmpfs needs root"
        FileHandle.standardError.write(Data("\n*** \(reason): the test of a full disk is SKIPPED ***\n\n".utf8))
        return reason
    }()

    private let path: String

    init(at path: String, kibibytes: Int) throws {
        self.path = path
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k,mode=700", "socle-test", path)
    }

    deinit { try? Self.run("umount", "-l", path) }

    private var filler: String { path + "/filler" }

    /// Takes all that is left: dd ends with an error when it has it.
    func fill() throws {
        #expect(throws: CocoaError.self) { try Self.run("dd", "if=/dev/zero", "of=\(filler)", "bs=4096") }
    }

    /// Gives it back.
    func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }
}
