import CLinux
import Foundation
import Glibc
import OpenSSL
import Postgres
import RADIUS
import Store
import Testing

@testable import AccessService

/// The daemon with radsecproxy before it, and our client with radsecproxy before the daemon.
@Suite(.serialized) struct RadsecproxyTests {
    /// A port that was free a moment ago.
    static func freePort(_ type: Int32) throws -> UInt16 {
        let descriptor = socket(AF_INET, type, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = getsockname(descriptor, $0, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }

    /// Runs radsecproxy with a configuration while `body` runs.
    private static func proxy(_ ground: RadSecGround, _ text: String, _ body: () async throws -> Void) async throws {
        try ground.write("radsecproxy.conf", Array(text.utf8))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/radsecproxy")
        process.arguments = ["-f", "-c", ground.path("radsecproxy.conf")]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try await body()
    }

    private static func credentials(_ ground: RadSecGround, _ name: String) -> String {
        """
        tls default {
            CACertificateFile \(ground.path("ca.pem"))
            CertificateFile \(ground.path("\(name).pem"))
            CertificateKeyFile \(ground.path("\(name).key"))
        }

        """
    }

    /// A radsecproxy that takes UDP and asks our daemon over TLS.
    private static func inward(
        _ ground: RadSecGround, _ name: String, to port: UInt16, _ body: (UInt16) async throws -> Void
    ) async throws {
        let udp = try freePort(Int32(SOCK_DGRAM.rawValue))
        let text =
            "ListenUDP 127.0.0.1:\(udp)\n" + credentials(ground, name) + """
                client 127.0.0.1 {
                    type udp
                    secret lab-secret
                }
                server socle {
                    host 127.0.0.1
                    port \(port)
                    type tls
                    secret radsec
                    CertificateNameCheck off
                    MatchCertificateAttribute SubjectAltName:DNS:/^radius\\.example\\.fr$/
                    StatusServer on
                }
                realm * {
                    server socle
                    accountingServer socle
                }

                """
        try await proxy(ground, text) { try await body(udp) }
    }

    /// A radsecproxy that takes TLS and asks servers over UDP.
    static func outward(
        _ ground: RadSecGround, to port: UInt16, accounting: UInt16? = nil, secret: String,
        _ body: (UInt16) async throws -> Void
    ) async throws {
        let tls = try freePort(Int32(SOCK_STREAM.rawValue))
        func server(_ name: String, _ port: UInt16) -> String {
            "server \(name) {\nhost 127.0.0.1\nport \(port)\ntype udp\nsecret \(secret)\n}\n"
        }
        let text =
            "ListenTLS 127.0.0.1:\(tls)\n" + credentials(ground, "server") + """
                client socle {
                    host 127.0.0.1
                    type tls
                    secret radsec
                    CertificateNameCheck off
                }

                """ + server("access", port) + (accounting.map { server("accounting", $0) } ?? "")
            + "realm * {\nserver access\n\(accounting == nil ? "" : "accountingServer accounting\n")}\n"
        try await proxy(ground, text) { try await body(tls) }
    }

    private func radclient(_ input: String, _ port: UInt16, _ command: String, tries: Int = 8) async throws -> String {
        try await onThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/radclient")
            process.arguments = ["-x", "-t", "1", "-r", "\(tries)", "127.0.0.1:\(port)", command, "lab-secret"]
            let (stdin, stdout) = (Pipe(), Pipe())
            (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stdout)
            try process.run()
            stdin.fileHandleForWriting.write(Data(input.utf8))
            try? stdin.fileHandleForWriting.close()
            let output = stdout.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test func `radclient, radsecproxy, TLS, us: accept, reject and accounting`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let code = try await deployment.ground.voucher().code.canonical
                try await Self.inward(ground, "nas", to: port) { udp in
                    let accept = try await radclient(
                        "User-Name=\(code)\nUser-Password=\(code)\nMessage-Authenticator=0x00\n", udp, "auth")
                    #expect(accept.contains("Received Access-Accept"), "\(accept)")
                    #expect(accept.contains("Session-Timeout"))
                    let chap = try await radclient(
                        "User-Name=\(code)\nCHAP-Password=\(code)\nMessage-Authenticator=0x00\n", udp, "auth")
                    #expect(chap.contains("Received Access-Accept"), "\(chap)")
                    let reject = try await radclient(
                        "User-Name=\(code)\nUser-Password=nonsense\nMessage-Authenticator=0x00\n", udp, "auth")
                    #expect(reject.contains("Received Access-Reject"), "\(reject)")
                    let start = try await radclient(
                        "Acct-Status-Type=Start\nAcct-Session-Id=rs1\nUser-Name=\(code)\nNAS-IP-Address=10.0.0.1\n",
                        udp, "acct")
                    #expect(start.contains("Received Accounting-Response"), "\(start)")
                }
                #expect(try await deployment.ground.count("SELECT count(*) FROM access.live_session") == 1)
            }
        }
    }

    @Test func `radsecproxy with an expired, a revoked or an unknown certificate gets no answer`() async throws {
        try await RadSecGround.with { ground in
            try ground.issue(
                "expired", name: RadSecGround.nasName, validity: RadSecGround.validity(days: 1, from: -10 * 86_400))
            try ground.revoke([try ground.issue("revoked", name: RadSecGround.nasName)], number: 2)
            try ground.issue("stranger", name: "ap-9.example.fr")
            try await ground.serve { deployment, port in
                let code = try await deployment.ground.voucher().code.canonical
                for name in ["expired", "revoked", "stranger"] {
                    try await Self.inward(ground, name, to: port) { udp in
                        let silent = try await radclient(
                            "User-Name=\(code)\nUser-Password=\(code)\nMessage-Authenticator=0x00\n", udp, "auth",
                            tries: 2)
                        #expect(!silent.contains("Received Access"), "\(name): \(silent)")
                    }
                }
            }
        }
    }

    @Test func `our client logs in through radsecproxy as the server`() async throws {
        try await RadSecGround.with { ground in
            try await Deployment.with { deployment in
                let code = try await deployment.ground.voucher().code.canonical
                try await Self.outward(ground, to: deployment.authenticationPort, secret: Ground.secret) { port in
                    var configuration = RadSecClientConfiguration(
                        host: "127.0.0.1", port: port, files: ground.files("nas"))
                    configuration.serverName = "radius.example.fr"
                    configuration.backoff = (.milliseconds(100), .milliseconds(500))
                    try await RadSecClientTests.connected(configuration) { connection in
                        let reply = try await connection.login(code, code)
                        #expect(reply?.code == .accessAccept)
                        #expect(try await connection.login(code, "nonsense")?.code == .accessReject)
                    }
                }
            }
        }
    }
}
