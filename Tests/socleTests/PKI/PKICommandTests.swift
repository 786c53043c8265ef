import Foundation
import Testing

@testable import socle

/// The verbs of `socle pki`, as somebody types them.
@Suite struct PKICommandTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "socle-pki-\(UUID().uuidString)")

    private func socle(_ arguments: String...) async throws -> Executable.Outcome {
        try await Executable.run(["pki"] + arguments + ["--directory", folder.path + "/pki"])
    }

    private func file(_ name: String) -> String { folder.appending(path: name).path }

    private func withAuthority(_ body: () async throws -> Void) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try await socle("init", "--name", "WiFi de la Meuse", "--server-name", "radius.example.fr")
        try #require(made.status == 0, "\(made.error)")
        try await body()
    }

    private func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        (process.standardOutput, process.standardError, process.standardInput) = (pipe, pipe, FileHandle.nullDevice)
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func `a client's file opens with the passphrase that is printed, and goes into a profile`() async throws {
        try await withAuthority {
            let identity = "alice@staff.example.fr"
            let made = try await socle("client", "--identity", identity, "--out", file("alice.p12"))
            try #require(made.status == 0, "\(made.error)")
            let passphrase = try #require(made.output.firstMatch(of: /once: ([a-z2-7-]{23})\n/)?.output.1)
            let opened = try openssl("pkcs12", "-info", "-in", "alice.p12", "-passin", "pass:\(passphrase)", "-nodes")
            #expect(opened.status == 0, "\(opened.output)")
            #expect(opened.output.contains("CN = \(identity)"))
            #expect(opened.output.contains("CN = WiFi de la Meuse"))
            let mode = try FileManager.default.attributesOfItem(atPath: file("alice.p12"))[.posixPermissions]
            #expect(mode as? Int == 0o600)
            let profile = try await socle(
                "profile", "--ssid", "Personnel", "--identity", identity, "--method", "tls", "--pkcs12",
                file("alice.p12"), "--apple", file("alice.mobileconfig"), "--android", file("alice.eap-config"))
            #expect(profile.status == 0, "\(profile.error)")
            let xml = try String(contentsOfFile: file("alice.eap-config"), encoding: .utf8)
            let credential = try Data(contentsOf: URL(filePath: file("alice.p12"))).base64EncodedString()
            #expect(xml.contains(credential))
            #expect(!xml.contains(passphrase))
        }
    }

    @Test func `nothing is issued for a file that exists, and no authority is made over another`() async throws {
        try await withAuthority {
            try Data().write(to: URL(filePath: file("alice.p12")))
            let client = try await socle("client", "--identity", "alice@b.fr", "--out", file("alice.p12"))
            #expect(client.status == ExitStatus.exists.rawValue)
            let second = try await socle("init", "--name", "Another", "--server-name", "a.fr")
            #expect(second.status == ExitStatus.exists.rawValue)
            let list = try await socle("list", "--all")
            #expect(list.output.split(separator: "\n").count == 4)
            #expect(list.output.contains("WiFi de la Meuse"))
        }
    }

    @Test func `a gateway's certificate is verified, taken back once, and refused after`() async throws {
        try await withAuthority {
            let made = try await socle("nas", "--name", "ap-1.example.fr", "--out", file("ap"))
            #expect(made.status == 0, "\(made.error)")
            func verified() throws -> Int32 {
                try openssl(
                    "verify", "-CAfile", "pki/ca.pem", "-crl_check", "-CRLfile", "pki/crl.pem", "-purpose", "sslclient",
                    "ap.pem"
                ).status
            }
            #expect(try verified() == 0)
            let planned = try await socle("revoke", file("ap.pem"), "--dry-run")
            #expect(planned.output.contains("would take back nas ap-1.example.fr"))
            #expect(try verified() == 0)
            let revoked = try await socle("revoke", file("ap.pem"), "--reason", "lost")
            #expect(revoked.output.contains("taken back"), "\(revoked.error)")
            #expect(try verified() != 0)
            let again = try await socle("revoke", file("ap.pem"))
            #expect(again.output.contains("already"))
            let text = try openssl("crl", "-in", "pki/crl.pem", "-noout", "-text", "-CAfile", "pki/ca.pem")
            #expect(text.output.contains("Key Compromise"))
            let next = try await socle("crl", "--days", "7")
            #expect(next.output.contains("number 3, 1 taken back"))
        }
    }

    @Test func `the server's certificate is renewed with the key that is there`() async throws {
        try await withAuthority {
            let key = try Data(contentsOf: URL(filePath: file("pki/server.key")))
            let made = try await socle("server", "--days", "825")
            #expect(made.output.contains("radius.example.fr"), "\(made.error)")
            #expect(try Data(contentsOf: URL(filePath: file("pki/server.key"))) == key)
            let other = try await socle(
                "server", "--radsec", "--new-key", "--rsa", "--server-name", "radsec.example.fr")
            #expect(other.output.contains("radsec.example.fr"), "\(other.error)")
            let verified = try openssl("verify", "-CAfile", "pki/ca.pem", "pki/server.pem", "pki/radsec.pem")
            #expect(verified.status == 0, "\(verified.output)")
        }
    }

    @Test func `a passphrase is asked of the key, and a missing one is said`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("un mot de passe\n".utf8).write(to: URL(filePath: file("passphrase")))
        let made = try await socle(
            "init", "--name", "A", "--server-name", "a.fr", "--ca-passphrase-file", file("passphrase"))
        #expect(made.status == 0, "\(made.error)")
        let refused = try await socle("crl")
        #expect(refused.status == ExitStatus.permission.rawValue)
        #expect(refused.error.contains("--ca-passphrase-file"))
        let done = try await socle("crl", "--ca-passphrase-file", file("passphrase"))
        #expect(done.status == 0, "\(done.error)")
    }

    @Test(arguments: [
        ["init", "--name", "A", "--server-name", "*.example.fr"],
        ["init", "--name", "A", "--server-name", "a.fr", "--days", "826"],
        ["client", "--identity", "a b", "--out", "x"], ["nas", "--name", "a_b"], ["server", "--days", "0"],
        ["profile", "--ssid", "A", "--identity", "a@b", "--method", "tls", "--apple", "x"],
        ["profile", "--ssid", "A", "--identity", "a@b", "--method", "ttls"],
    ])
    func `what no certificate or profile can say is a wrong command line`(arguments: [String]) async throws {
        let outcome = try await Executable.run(["pki"] + arguments + ["--directory", folder.path])
        #expect(outcome.status == 64)
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func `a directory without an authority is said, and a damaged index is named with its line`() async throws {
        let missing = try await socle("list")
        #expect(missing.status == ExitStatus.notFound.rawValue)
        try await withAuthority {
            let index = try FileHandle(forWritingTo: URL(filePath: file("pki/index")))
            try index.seekToEnd()
            try index.write(contentsOf: Data("nonsense\n".utf8))
            try index.close()
            let damaged = try await socle("list")
            #expect(damaged.status == ExitStatus.data.rawValue)
            #expect(damaged.error.contains("pki/index:6: "), "\(damaged.error)")
        }
    }
}
