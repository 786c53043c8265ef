import Foundation
import OpenSSL
import Territory

@testable import socle

/// A folder of its own, and an authority in it.
struct AuthorityFixture: ~Copyable {
    static let start: Int64 = 1_800_000_000
    let folder: URL
    let directory: PKIDirectory

    init(passphrase: Secret? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "socle-pki-\(UUID().uuidString)")
        directory = PKIDirectory(folder.appending(path: "pki").path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.plan(passphrase: passphrase).make(directory)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static func plan(passphrase: Secret? = nil, now: Int64 = start) -> AuthorityPlan {
        AuthorityPlan(
            name: "WiFi de la Meuse", organization: "Meuse", serverName: "radius.example.fr", keyKind: .p256,
            authorityDays: 3650, serverDays: 730, listDays: 30, passphrase: passphrase, now: now)
    }

    func workshop(passphrase: Secret? = nil, now: Int64 = start) throws -> AuthorityWorkshop {
        try AuthorityWorkshop(directory, passphrase: passphrase, now: now)
    }

    /// Runs the `openssl` program in the authority's directory.
    func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(filePath: directory.path)
        let pipe = Pipe()
        (process.standardOutput, process.standardError, process.standardInput) = (pipe, pipe, FileHandle.nullDevice)
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
