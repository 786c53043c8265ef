import AccessService
import CLinux
import Foundation
import Glibc
import OpenSSL
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// Our Disconnect-Requests, taken apart by hand: nothing of the RADIUS module checks what the RADIUS module made.
@Suite struct DisconnectTests {
    private func connect(_ deployment: Deployment, _ code: String) async throws -> UUID {
        let accounting = try Gateway(deployment.accountingPort)
        #expect(try await accounting.account(.start, "sess-1", name: code) != nil)
        return try #require(try await deployment.ground.owner.query("SELECT session_id FROM access.live_session").first)
            .decode(UUID.self, column: 0)
    }

    private func outcome(_ deployment: Deployment) async throws -> String? {
        try #require(try await deployment.ground.owner.query("SELECT outcome FROM access.outbox").first).decode(
            String?.self, column: 0)
    }

    private func done(_ deployment: Deployment, _ outcome: String) async throws -> Bool {
        try await deployment.ground.count(
            "SELECT count(*) FROM access.outbox WHERE done_at IS NOT NULL AND outcome = \(outcome)") == 1
    }

    /// What the session's history says: method, result and Error-Cause.
    private func attempts(_ deployment: Deployment, _ session: UUID) async throws -> [String] {
        try await Outbox(deployment.ground.owner).attempts(of: session).map { attempt in
            ([attempt.method.rawValue, attempt.result] + (attempt.errorCause.map { ["\($0)"] } ?? []))
                .joined(separator: " ")
        }
    }

    private func disconnect(_ deployment: Deployment, _ session: UUID) async throws {
        try await Outbox(deployment.ground.owner).enqueue(
            [NewOutboxCommand(.disconnect, nas: deployment.ground.nas, target: .session(session))],
            of: deployment.ground.organisation)
    }

    /// A session whose Disconnect the NAS has acknowledged, and which accounting has not ended.
    private func acknowledgedDisconnect(_ deployment: Deployment, _ listener: CommandListener) async throws -> UUID {
        let session = try await connect(deployment, try await deployment.ground.voucher().code.canonical)
        try await disconnect(deployment, session)
        let (request, peer) = try #require(await listener.receive())
        listener.answer(request, 41, [], to: peer)
        try await eventually { try await outcome(deployment) == "ack" }
        return session
    }

    @Test func `a Disconnect names the session, is signed, and is over when the Stop comes`() async throws {
        let listener = try CommandListener()
        let clock = SteppedClock()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: { $0.commandInterval = .milliseconds(50) },
            clock: clock.clock
        ) { deployment in
            let ground = deployment.ground
            let session = try await connect(deployment, try await ground.voucher().code.canonical)
            try await disconnect(deployment, session)
            let (request, peer) = try #require(await listener.receive())
            #expect(request[0] == 40)
            expectAuthentic(request)
            let all = attributes(of: request)
            #expect(all.contains { $0.type == 44 && $0.value == Array("sess-1".utf8) }, "Acct-Session-Id")
            #expect(all.contains { $0.type == 31 && $0.value == Array("02-00-5E-00-53-01".utf8) }, "Calling-Station-Id")
            let stamp = all.first { $0.type == 55 }?.value.reduce(0) { $0 << 8 | Int($1) }
            #expect(abs(Int(Date().timeIntervalSince1970) - (stamp ?? 0)) < 60, "Event-Timestamp (RFC 5176 §3.3)")
            #expect(peer.sin_addr.s_addr == UInt32(0x7f00_0001).bigEndian, "from the address it is served at")
            listener.answer(request, 41, [], to: peer)
            try await eventually { try await outcome(deployment) == "ack" }
            #expect(try await !done(deployment, "ack"), "an ACK alone proves nothing")
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.stop, "sess-1", seconds: 5) != nil)
            clock.step(by: 61)
            try await eventually { try await done(deployment, "stopped") }
            #expect(try await attempts(deployment, session) == ["disconnect ack", "disconnect stopped"])
        }
    }

    @Test func `when interims go on after the ACK the next method of the profile is tried, and then no other`()
        async throws
    {
        let listener = try CommandListener()
        let clock = SteppedClock()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: { $0.commandInterval = .milliseconds(50) },
            clock: clock.clock
        ) { deployment in
            let session = try await acknowledgedDisconnect(deployment, listener)
            clock.step(by: 61)
            let accounting = try Gateway(deployment.accountingPort)
            let now = clock.clock.calendar()
            #expect(try await accounting.account(.interim, "sess-1", seconds: 61, at: now) != nil)
            clock.step(by: 61)
            let (second, other) = try #require(await listener.receive())
            #expect(second[0] == 43, "a CoA")
            expectAuthentic(second)
            #expect(attributes(of: second).contains { $0.type == 27 && $0.value == [0, 0, 0, 1] }, "Session-Timeout")
            listener.answer(second, 45, [101, 6, 0, 0, 1, 0x94], to: other)
            try await eventually { try await done(deployment, "nak:404") }
            #expect(
                try await attempts(deployment, session) == ["disconnect ack", "disconnect continues", "coa nak 404"])
        }
    }

    @Test func `silence for two intervals and ten seconds ends the command`() async throws {
        let listener = try CommandListener()
        let clock = SteppedClock()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: { $0.commandInterval = .milliseconds(50) },
            clock: clock.clock, adjust: { $0["interim_seconds"] = 60 }
        ) { deployment in
            let session = try await acknowledgedDisconnect(deployment, listener)
            clock.step(by: 131)
            try await eventually { try await done(deployment, "silent") }
            #expect(try await attempts(deployment, session) == ["disconnect ack", "disconnect silent"])
        }
    }

    @Test func `a NAK other than Session-Context-Not-Found goes to the next method`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(nas: .loopback(coaPort: Int(listener.port))) { deployment in
            let session = try await connect(deployment, try await deployment.ground.voucher().code.canonical)
            try await disconnect(deployment, session)
            let (request, peer) = try #require(await listener.receive())
            listener.answer(request, 42, [101, 6, 0, 0, 1, 0xf8], to: peer)
            let (second, other) = try #require(await listener.receive())
            #expect(second[0] == 43)
            listener.answer(second, 44, [], to: other)
            try await eventually { try await outcome(deployment) == "ack" }
            #expect(try await attempts(deployment, session) == ["disconnect nak 504", "coa ack"])
        }
    }

    @Test func `a request without an answer is sent again, the same octets, and a NAK's Error-Cause is recorded`()
        async throws
    {
        let listener = try CommandListener()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)),
            configure: { $0.authorizationRetransmission.initial = .milliseconds(100) }
        ) { deployment in
            let ground = deployment.ground
            let session = try await connect(deployment, try await ground.voucher().code.canonical)
            try await disconnect(deployment, session)
            let (first, peer) = try #require(await listener.receive())
            // An answer that is not signed with the secret is none.
            listener.answer(Array(first.reversed()), 41, [], to: peer)
            let (second, _) = try #require(await listener.receive())
            #expect(second == first)
            listener.answer(second, 42, [101, 6, 0, 0, 1, 0xf7], to: peer)
            try await eventually { try await outcome(deployment) == "nak:503" }
        }
    }

    @Test func `revoking a voucher ends its sessions`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(nas: .loopback(coaPort: Int(listener.port))) { deployment in
            let ground = deployment.ground
            let voucher = try await ground.voucher()
            _ = try await connect(deployment, voucher.code.canonical)
            _ = try await Vouchers(ground.owner, keys: ground.keys).revoke(
                [voucher.id], of: ground.organisation, at: Date())
            let (request, _) = try #require(await listener.receive())
            #expect(request[0] == 40)
            expectAuthentic(request)
        }
    }
}
