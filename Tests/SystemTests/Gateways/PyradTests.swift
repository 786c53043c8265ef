import Foundation
import Testing

extension SystemTests {
    /// pyrad as a gateway: `deploy/lab/pyrad_gateway.py`.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct PyradTests {
        /// A step as the gateway tells it.
        private struct Step: Decodable {
            let step: String
            var accepted: Bool?
            var answered: Bool?
            var code: Int?
            var obeyed: Bool?
            var sessionTimeout: String?
            var userName: String?

            enum CodingKeys: String, CodingKey {
                case step, accepted, answered, code, obeyed
                case sessionTimeout = "Session-Timeout"
                case userName = "User-Name"
            }
        }

        private func steps(_ gateway: Daemon, atLeast count: Int) async throws -> [Step] {
            try await eventually("pyrad has told \(count) steps; it says \(gateway.text)", within: .seconds(30)) {
                let lines = gateway.text.split(separator: "\n").filter { $0.hasPrefix("{") }
                guard lines.count >= count else { return nil }
                return try lines.map { try JSONDecoder().decode(Step.self, from: Data($0.utf8)) }
            }
        }

        @Test
        func `pyrad logs in, accounts, obeys a CoA-Request, and a Disconnect-Request when the voucher is revoked`()
            async throws
        {
            try await Installation.during("pyrad", gateway: .commanded("wispr")) { installation in
                let (voucher, ports) = (try await installation.voucher(), installation.ports)
                let script = try Product.root().appending(path: "deploy/lab/pyrad_gateway.py").path
                let gateway = try Daemon(
                    "pyrad",
                    [
                        script, "127.0.0.1", String(ports.authentication), String(ports.accounting),
                        String(ports.authorization), installation.secret, voucher, voucher,
                    ], log: installation.folder.url.appending(path: "pyrad.log"))
                let first = try await steps(gateway, atLeast: 4)
                #expect(first.map(\.step) == ["login", "login", "account", "account"])
                #expect(first.prefix(2).map(\.accepted) == [false, true], "a wrong password, then the right one")
                #expect(first.dropFirst().first?.sessionTimeout != nil)
                #expect(first.suffix(2).allSatisfy { $0.answered == true })
                let open = try #require(try await installation.sessions(where: "acct_session_id = 'pyrad-1'").first)
                #expect(open.subjectKind == "voucher" && open.inputOctets == 1_000 && open.stoppedAt == nil)

                _ = try await installation.query(
                    """
                    INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, attributes)
                    SELECT organisation_id, 'coa', nas_id, session_id, '{"session_timeout_seconds": "1234"}'
                    FROM access.live_session
                    """)
                let changed = try #require(try await steps(gateway, atLeast: 5).last)
                #expect(changed.code == 43 && changed.obeyed == true && changed.sessionTimeout == "1234")
                try await eventually("the ACK is recorded") { try await installation.outcomes() == ["ack"] }

                try await installation.revoke(voucher)
                let last = try await steps(gateway, atLeast: 7).suffix(2)
                #expect(last.first?.code == 40 && last.first?.obeyed == true && last.first?.userName == voucher)
                #expect(last.last?.answered == true, "its Stop")
                #expect(try await gateway.ended() == 0)
                let closed = try #require(try await installation.sessions(where: "stopped_at IS NOT NULL").first)
                #expect(closed.inputOctets == 1_500 && !closed.inferredStop)
                try await eventually("the Disconnect is over when accounting says so", within: .seconds(20)) {
                    try await installation.outcomes() == ["ack", "stopped"]
                }
            }
        }
    }
}
