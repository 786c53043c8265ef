import Foundation

/// Where the product under test is.
enum Product {
    /// The root of the repository.
    static func root(file: String = #filePath) throws -> URL {
        var folder = URL(filePath: file).deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        throw Command.Failure(description: "no Package.swift above \(file)")
    }

    /// The executable: `SOCLE_BINARY`, else the one that was built beside this test bundle.
    static func executable() throws -> String {
        if let named = ProcessInfo.processInfo.environment["SOCLE_BINARY"], !named.isEmpty { return named }
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "socle")
        guard FileManager.default.isExecutableFile(atPath: beside.path) else {
            throw Command.Failure(description: "no executable at \(beside.path); build it or name one in SOCLE_BINARY")
        }
        return beside.path
    }

    /// Copies files of a failed test to `var/test-logs/NAME`, in the place of those of the last time.
    static func keep(_ source: URL, as name: String) throws {
        let target = try root().appending(path: "var/test-logs/\(name)")
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: source, to: target)
    }

    /// Path for a screenshot in `var/test-screenshots`.
    static func screenshot(_ name: String) throws -> String {
        let folder = try root().appending(path: "var/test-screenshots")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: "\(name).png").path
    }
}
