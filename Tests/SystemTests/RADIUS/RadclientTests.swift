import Foundation
import Testing

extension SystemTests {
    /// FreeRADIUS's client against the running executable.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct RadclientTests {
        @Test func `logs in with PAP and CHAP, and is told why not`() async throws {
            try await Installation.during("radclient-login") { installation in
                let radclient = installation.radclient
                let voucher = try await installation.voucher()
                let accepted = try await radclient.authenticate([
                    "User-Name = \"\(voucher)\"", "User-Password = \"\(voucher)\"",
                    "Calling-Station-Id = \"02-00-5E-00-53-01\"",
                ])
                #expect(accepted.code == "Access-Accept", "\(accepted.text)")
                #expect(accepted.attributes.first?.name == "Message-Authenticator", "BlastRADIUS: first of a reply")
                #expect((Int(accepted.first("Session-Timeout") ?? "") ?? 0) > 0)
                #expect(accepted.first("Acct-Interim-Interval") != nil)
                #expect(accepted.first("Class")?.hasPrefix("0x5331") == true)

                let byChallenge = try await radclient.authenticate([
                    "User-Name = \"\(voucher)\"", "CHAP-Password = \"\(voucher)\"",
                    "Calling-Station-Id = \"02-00-5E-00-53-01\"",
                ])
                #expect(byChallenge.code == "Access-Accept", "\(byChallenge.text)")

                for wrong in ["User-Password = \"wrong\"", "CHAP-Password = \"wrong\""] {
                    let refused = try await radclient.authenticate(["User-Name = \"\(voucher)\"", wrong])
                    #expect(refused.code == "Access-Reject", "\(refused.text)")
                    #expect(refused.attributes.first?.name == "Message-Authenticator")
                    #expect(refused.first("Class") == nil && refused.first("Session-Timeout") == nil)
                }
                let unknown = try await radclient.authenticate(["User-Name = \"nobody\"", "User-Password = \"wrong\""])
                #expect(unknown.code == "Access-Reject", "\(unknown.text)")
            }
        }

        @Test func `is not answered with a wrong secret, and is on both ports when it asks for the status`()
            async throws
        {
            try await Installation.during("radclient-secret") { installation in
                let radclient = installation.radclient
                var stranger = radclient
                stranger.secret = "not-the-secret"
                let credentials = ["User-Name = \"x\"", "User-Password = \"y\""]
                let reply = try await stranger.authenticate(credentials, tries: 1)
                #expect(reply.code == nil)
                let record = ["Acct-Status-Type = Start", "Acct-Session-Id = \"w1\"", "User-Name = \"x\""]
                #expect(try await stranger.account(record, tries: 1).code == nil)
                #expect(try await installation.sessions(where: "acct_session_id = 'w1'").isEmpty)
                #expect(try await radclient.status(port: installation.ports.authentication).code == "Access-Accept")
                #expect(try await radclient.status(port: installation.ports.accounting).code == "Accounting-Response")
                #expect(try await stranger.status(port: installation.ports.authentication).code == nil)
            }
        }

        @Test func `reports a session from Start to Stop, which is counted once`() async throws {
            try await Installation.during("radclient-accounting") { installation in
                let radclient = installation.radclient
                let voucher = try await installation.voucher()
                let session = [
                    "Acct-Session-Id = \"r1\"", "User-Name = \"\(voucher)\"", "NAS-IP-Address = 127.0.0.1",
                    "Calling-Station-Id = \"02-00-5E-00-53-01\"", "Framed-IP-Address = 10.66.0.101",
                ]
                let start = try await radclient.account(session + ["Acct-Status-Type = Start"])
                #expect(start.code == "Accounting-Response", "\(start.text)")
                var row = try #require(try await installation.sessions(where: "acct_session_id = 'r1'").first)
                #expect(row.stoppedAt == nil && row.subjectKind == "voucher" && row.inputOctets == 0)

                let interim = [
                    "Acct-Status-Type = Interim-Update", "Acct-Session-Time = 60", "Acct-Input-Octets = 1000",
                    "Acct-Output-Octets = 20000",
                ]
                #expect(try await radclient.account(session + interim).code == "Accounting-Response")
                row = try #require(try await installation.sessions(where: "acct_session_id = 'r1'").first)
                #expect(row.inputOctets == 1000 && row.outputOctets == 20000 && row.seconds == 60)

                let stop = [
                    "Acct-Status-Type = Stop", "Acct-Session-Time = 90", "Acct-Input-Octets = 7",
                    "Acct-Input-Gigawords = 1", "Acct-Output-Octets = 30000", "Acct-Terminate-Cause = User-Request",
                ]
                // Sent twice by two processes, so with two identifiers and authenticators: no cache of replies helps.
                for _ in 0..<2 {
                    #expect(try await radclient.account(session + stop).code == "Accounting-Response")
                }
                let rows = try await installation.sessions(where: "acct_session_id = 'r1'")
                row = try #require(rows.first)
                #expect(rows.count == 1)
                #expect(row.inputOctets == 4_294_967_303 && row.outputOctets == 30000 && row.seconds == 90)
                #expect(row.stoppedAt != nil && row.terminateCause != nil && !row.inferredStop)
                let usage = try await installation.query(
                    "SELECT sum(input_octets), sum(output_octets), sum(seconds) FROM access.usage")
                #expect(usage == [["4294967303", "30000", "90"]])
            }
        }

        @Test func `an Accounting-On that comes alone is answered and closes what its NAS had open`() async throws {
            try await Installation.during("radclient-on") { installation in
                let radclient = installation.radclient
                let on = try await radclient.account(["Acct-Status-Type = Accounting-On", "NAS-IP-Address = 127.0.0.1"])
                #expect(on.code == "Accounting-Response", "\(on.text)")
                for name in ["o1", "o2"] {
                    let start = try await radclient.account([
                        "Acct-Status-Type = Start", "Acct-Session-Id = \"\(name)\"",
                    ])
                    #expect(start.code == "Accounting-Response", "\(start.text)")
                }
                let off = try await radclient.account([
                    "Acct-Status-Type = Accounting-Off", "NAS-IP-Address = 127.0.0.1",
                ])
                #expect(off.code == "Accounting-Response", "\(off.text)")
                let rows = try await installation.sessions(where: "stopped_at IS NOT NULL AND inferred_stop")
                #expect(rows.map(\.identifier) == ["o1", "o2"])
            }
        }

        @Test func `an account logs in over IPv6 with its password, and not with another`() async throws {
            try await Installation.during("radclient-account") { installation in
                try await installation.account("elue@mairie.test", password: "Fenêtre sur Ornain 1642")
                var radclient = try await installation.declareSecondGateway(source: "::1")
                radclient.host = "[::1]"
                let name = "User-Name = \"elue@mairie.test\""
                let accepted = try await radclient.authenticate([name, "User-Password = \"Fenêtre sur Ornain 1642\""])
                #expect(accepted.code == "Access-Accept", "\(accepted.text)")
                let refused = try await radclient.authenticate([name, "User-Password = \"Fenêtre sur Ornain 1643\""])
                #expect(refused.code == "Access-Reject", "\(refused.text)")
            }
        }
    }
}
