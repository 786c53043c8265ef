import Foundation
import RADIUS
import Testing

@testable import socle

/// What `doctor` says of home servers.
@Suite struct HomeServerChecksTests {
    @Test func `each answer is told in words, and how to mend it`() throws {
        func judge(_ answer: RehearsalAnswer) -> Finding {
            HomeServerChecks.judge(answer, of: "college", "accounting", port: 1813)
        }
        let reply = Packet(.accountingResponse, identifier: 1, authenticator: .random())
        let fine = judge(.reply(reply, octets: [], milliseconds: 1.2, tries: 1))
        #expect(fine == .fine("home server college", "answers for accounting within 2 ms"))
        let wrong = judge(.unbelievable(RADIUSError(.responseAuthenticatorInvalid)))
        #expect(wrong.severity == .fault && wrong.what.contains("another secret") && !wrong.mend.isEmpty)
        let closed = judge(.refused)
        #expect(closed.severity == .fault && closed.what.contains("1813") && !closed.mend.isEmpty)
        let silent = judge(.silence)
        #expect(silent.severity == .warning && silent.mend.contains("status_server: false"))
    }

    @Test func `only servers over UDP that answer Status-Server are asked, both their services`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "homes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "secret").path
        try "between-us".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        // Nobody listens at port 1 of the loopback.
        let text = """
            access:
              proxy:
                servers:
                  asked: { address: 127.0.0.1, authentication_port: 1, accounting_port: 1, secret_file: \(path) }
                  half: { address: 127.0.0.1, authentication_port: 1, accounting_port: 0, secret_file: \(path) }
                  mute: { address: 127.0.0.1, secret_file: \(path), status_server: false }
                  tls: { transport: tls, address: radius, certificate: c, key: k, authorities: a }
                  unread: { address: 127.0.0.1, accounting_port: 0, secret_file: \(path).none }
                pools: { p: { servers: [asked, half, mute, tls, unread] } }
                realms: { "*": p }
            """
        let configuration = try Configuration.parse(text, file: "socle.yaml", directory: "/srv/socle/config")
        let found = await HomeServerChecks(configuration: configuration, patienceMilliseconds: 200).findings()
        let subjects = ["asked", "asked", "half", "unread"].map { "home server \($0)" }
        #expect(found.map(\.subject) == subjects, "\(found)")
        #expect(found.allSatisfy { $0.severity == .fault })
    }
}
