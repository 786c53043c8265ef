import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// What other systems ask of us by RFC 5176, asked by radclient, and what we then ask of the NAS.
@Suite struct TrustedSystemTests {
    private static let secret = "supervision-secret"

    private func with(
        nas: NewNAS = .loopback(), clock: AccessClock = .system, _ body: (Deployment, UInt16) async throws -> Void
    ) async throws {
        let source = try #require(IPPrefix("127.0.0.0/8"))
        try await Deployment.with(
            nas: nas,
            configure: { configuration in
                configuration.authorizationListening = AuthorizationListening(
                    address: "127.0.0.1", port: 0,
                    systems: [TrustedSystem(source: source, secret: Secret(text: Self.secret))])
            }, clock: clock
        ) { deployment in
            try await body(deployment, try #require(deployment.service.authorizationPort))
        }
    }

    private func ask(
        _ attributes: String, _ port: UInt16, _ command: String = "disconnect", at instant: Date? = Date(),
        signed: Bool = true, secret: String = Self.secret
    ) async throws -> String {
        let stamp = instant.map { "Event-Timestamp=\(Int($0.timeIntervalSince1970))\n" } ?? ""
        let signature = signed ? "Message-Authenticator=0x00\n" : ""
        return try await radclient("\(attributes)\n\(stamp)\(signature)", port, command, secret: secret).text
    }

    private func connect(_ deployment: Deployment, _ session: String = "sess-1") async throws -> String {
        let code = try await deployment.ground.voucher().code.canonical
        let accounting = try Gateway(deployment.accountingPort)
        #expect(try await accounting.account(.start, session, name: code) != nil)
        return code
    }

    private func commands(_ deployment: Deployment) async throws -> Int {
        try await deployment.ground.count("SELECT count(*) FROM access.outbox")
    }

    @Test func `a Disconnect is acknowledged once its command is in the outbox, and reaches the NAS`() async throws {
        let listener = try CommandListener()
        try await with(nas: .loopback(coaPort: Int(listener.port))) { deployment, port in
            _ = try await connect(deployment)
            let answer = try await ask("Acct-Session-Id=sess-1\nCalling-Station-Id=02-00-5e-00-53-01", port)
            #expect(answer.contains("Received Disconnect-ACK"), "\(answer)")
            #expect(try await commands(deployment) == 1)
            let (request, _) = try #require(await listener.receive())
            #expect(request[0] == 40)
            let again = try await ask("Acct-Session-Id=sess-1", port)
            #expect(again.contains("Received Disconnect-ACK"), "\(again)")
            #expect(try await commands(deployment) == 1, "what is under way is not left twice")
        }
    }

    @Test func `a CoA carries Session-Timeout and rates on to the NAS in its own attributes`() async throws {
        let listener = try CommandListener()
        try await with(nas: .loopback(coaPort: Int(listener.port))) { deployment, port in
            let name = try await connect(deployment)
            let answer = try await ask(
                "User-Name=\(name)\nSession-Timeout=600\nWISPr-Bandwidth-Max-Down=64000", port, "coa")
            #expect(answer.contains("Received CoA-ACK"), "\(answer)")
            let (request, _) = try #require(await listener.receive())
            #expect(request[0] == 43)
            let all = attributes(of: request)
            #expect(all.contains { $0.type == 27 && $0.value == [0, 0, 2, 88] })
            #expect(all.contains { $0.type == 26 && $0.value == [0, 0, 0x37, 0x2a, 8, 6, 0, 0, 0xfa, 0] })
        }
    }

    @Test(arguments: [
        ("Acct-Session-Id=nobody", "disconnect", "Session-Context-Not-Found"),
        ("Acct-Session-Id=sess-1\nNAS-Identifier=elsewhere", "disconnect", "NAS-Identification-Mismatch"),
        ("Acct-Session-Id=sess-1\nUser-Name=a\nUser-Name=b", "disconnect", "Invalid-Request"),
        ("Acct-Session-Id=sess-1\nNAS-Port=1", "disconnect", "Unsupported-Attribute"),
        ("NAS-IP-Address=127.0.0.1", "disconnect", "Missing-Attribute"),
        ("Acct-Session-Id=sess-1\nIdle-Timeout=60", "coa", "Missing-Attribute"),
        ("Acct-Session-Id=sess-1\nSession-Timeout=60\nFilter-Id=x", "coa", "Unsupported-Attribute"),
        ("Acct-Session-Id=sess-1\nSession-Timeout=0", "coa", "Invalid-Attribute-Value"),
        ("Acct-Session-Id=sess-1\nService-Type=Authorize-Only\nState=0x01", "coa", "Unsupported-Service"),
    ])
    func `what cannot be done is refused with its Error-Cause (RFC 5176 §3.5)`(
        attributes: String, command: String, cause: String
    ) async throws {
        try await with { deployment, port in
            _ = try await connect(deployment)
            let answer = try await ask(attributes, port, command)
            #expect(answer.contains("-NAK") && answer.contains("Error-Cause = \(cause)"), "\(answer)")
            #expect(try await commands(deployment) == 0)
        }
    }

    @Test func `equipment that takes no commands is told of`() async throws {
        try await with(nas: .loopback(profile: "opennds")) { deployment, port in
            _ = try await connect(deployment)
            let answer = try await ask("Acct-Session-Id=sess-1", port)
            #expect(answer.contains("Error-Cause = Unsupported-Extension"), "\(answer)")
        }
    }

    @Test func `no answer without Message-Authenticator, with another secret, or from another time`() async throws {
        try await with { deployment, port in
            _ = try await connect(deployment)
            let session = "Acct-Session-Id=sess-1"
            for answer in [
                try await ask(session, port, signed: false), try await ask(session, port, secret: "wrong"),
                try await ask(session, port, at: Date() - 310), try await ask(session, port, at: Date() + 310),
            ] {
                #expect(answer.contains("No reply"), "\(answer)")
            }
            let stampless = try await ask(session, port, at: nil)
            #expect(stampless.contains("Error-Cause = Missing-Attribute"), "\(stampless)")
            #expect(try await commands(deployment) == 0)
            let late = try await ask(session, port, at: Date() - 290)
            #expect(late.contains("Received Disconnect-ACK"), "\(late)")
        }
    }

    @Test func `a request that comes again gets the same answer and is done once`() async throws {
        try await with { deployment, port in
            _ = try await connect(deployment)
            let secret = try SharedSecret(Array(Self.secret.utf8))
            let request = try secret.coaRequest(
                identifier: 7,
                attributes: [
                    Attribute(.acctSessionID, text: "sess-1"), Attribute(.sessionTimeout, uint32: 600),
                    Attribute(.eventTimestamp, uint32: UInt32(Date().timeIntervalSince1970)),
                ])
            let asking = try Gateway(port, secret: Self.secret)
            asking.send(request.bytes)
            let first = try #require(await asking.receive())
            asking.send(request.bytes)
            let second = try #require(await asking.receive())
            #expect(first == second)
            #expect(first[0] == PacketCode.coaACK.rawValue)
            #expect(try await commands(deployment) == 1)
        }
    }
}
