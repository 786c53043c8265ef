import Foundation
import Testing

extension SystemTests {
    /// Our CoA-Requests, Disconnect-Requests and reauthentications at FreeRADIUS, which decodes and verifies them.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct CommandTests {
        private static let station = "02-00-5E-00-53-01"
        private static let allowance = """
            {"session_timeout_seconds": "1234", "rate_down_bits_per_second": "2000000", \
            "rate_up_bits_per_second": "1000000", "remaining_octets": "5000000"}
            """

        /// Opens a session of a voucher by radclient; returns the voucher.
        @discardableResult
        private func connect(_ session: String, _ installation: Installation) async throws -> String {
            let voucher = try await installation.voucher()
            let start = try await installation.radclient.account([
                "Acct-Status-Type = Start", "Acct-Session-Id = \"\(session)\"", "User-Name = \"\(voucher)\"",
                "Calling-Station-Id = \"\(Self.station)\"", "Framed-IP-Address = 10.66.0.101",
            ])
            #expect(start.code == "Accounting-Response", "\(start.text)")
            return voucher
        }

        /// Leaves a command in the outbox, as another daemon does.
        private func leave(
            _ command: String, about session: String, _ installation: Installation, allowance: String = "{}"
        ) async throws {
            _ = try await installation.query(
                """
                INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, attributes)
                SELECT organisation_id, '\(command)', nas_id, session_id, '\(allowance)' FROM access.live_session
                WHERE acct_session_id = '\(session)'
                """)
        }

        private func leave(_ command: String, aboutTheDeviceAt installation: Installation) async throws {
            _ = try await installation.query(
                """
                INSERT INTO access.outbox (organisation_id, command, nas_id, device)
                SELECT organisation_id, '\(command)', id, '\(Self.station)'::macaddr FROM territory.nas
                """)
        }

        @Test func `a CoA-Request carries what the profile says in its order, and its ACK ends the command`()
            async throws
        {
            try await Installation.during("coa", gateway: .commanded("wispr")) { installation in
                let receiver = try await CommandReceiver.started(for: installation)
                let voucher = try await connect("coa-1", installation)
                try await leave("coa", about: "coa-1", installation, allowance: Self.allowance)
                let request = try #require(try await receiver.requests(1).first)
                #expect(request.code == "CoA-Request")
                let names = request.attributes.map(\.name)
                #expect(
                    names == [
                        "Message-Authenticator", "User-Name", "Acct-Session-Id", "Calling-Station-Id",
                        "Framed-IP-Address", "Event-Timestamp", "Session-Timeout", "WISPr-Bandwidth-Max-Down",
                        "WISPr-Bandwidth-Max-Up",
                    ])
                #expect(request.first("User-Name") == voucher && request.first("Acct-Session-Id") == "coa-1")
                #expect(request.first("Calling-Station-Id") == Self.station)
                #expect(request.first("Framed-IP-Address") == "10.66.0.101")
                #expect(request.first("Session-Timeout") == "1234")
                #expect(request.first("WISPr-Bandwidth-Max-Down") == "2000000")
                #expect(request.first("WISPr-Bandwidth-Max-Up") == "1000000")
                try await eventually("the ACK is recorded") { try await installation.outcomes() == ["ack"] }
            }
        }

        @Test func `a CoA-NAK is recorded with its Error-Cause and not repeated (RFC 5176 §3.5)`() async throws {
            try await Installation.during("coa-nak", gateway: .commanded("wispr")) { installation in
                let receiver = try await CommandReceiver.started(for: installation)
                for cause in ["405", "503"] {
                    try await connect("nak-\(cause)", installation)
                    try await leave("coa", about: "nak-\(cause)", installation, allowance: Self.allowance)
                    try await eventually("the NAK is recorded") {
                        try await installation.outcomes().last == "nak:\(cause)"
                    }
                }
                #expect(try await installation.outcomes() == ["nak:405", "nak:503"])
                #expect(try await receiver.requests(2).count == 2)
            }
        }

        @Test func `a CoA-Request without an answer is sent again as it was (RFC 5080 §2.2.1)`()
            async throws
        {
            try await Installation.during("coa-again", gateway: .commanded("wispr")) { installation in
                try await connect("again-1", installation)
                let capture = try await Capture.started(
                    in: installation.folder, ports: installation.ports, secret: installation.secret)
                try await leave("coa", about: "again-1", installation, allowance: Self.allowance)
                // Nobody listens yet: the gateway is starting.
                try await eventually("the first transmission") { try await !capture.read(["radius.code"]).isEmpty }
                let receiver = try await CommandReceiver.started(for: installation)
                #expect(try await receiver.requests(1).count == 1)
                try await eventually("the ACK is recorded") { try await installation.outcomes() == ["ack"] }
                let fields = ["radius.code", "radius.id", "radius.authenticator", "udp.srcport", "udp.length"]
                let packets = try await capture.packets(3, fields: fields)
                let requests = packets.filter { $0["radius.code"] == "43" }
                #expect(requests.count >= 2 && Set(requests).count == 1, "\(packets)")
                #expect(packets.last?["radius.code"] == "44" && packets.last?["radius.id"] == requests[0]["radius.id"])
            }
        }

        @Test func `a device authenticates again by the profile's own command in a CoA-Request`() async throws {
            try await Installation.during("reauthenticate-coa", gateway: .commanded("by-command")) { installation in
                let receiver = try await CommandReceiver.started(for: installation)
                try await leave("reauthenticate", aboutTheDeviceAt: installation)
                let request = try #require(try await receiver.requests(1).first)
                #expect(request.code == "CoA-Request")
                #expect(request.first("Calling-Station-Id") == Self.station)
                #expect(request.first("Filter-Id") == "command=reauthenticate")
                try await eventually("the ACK is recorded") { try await installation.outcomes() == ["ack"] }
            }
        }

        @Test func `a device authenticates again by a Disconnect-Request where the profile says so`() async throws {
            try await Installation.during("reauthenticate-disconnect", gateway: .commanded("hostapd")) { installation in
                let receiver = try await CommandReceiver.started(for: installation)
                try await connect("re-1", installation)
                try await leave("reauthenticate", aboutTheDeviceAt: installation)
                let request = try #require(try await receiver.requests(1).first)
                #expect(request.code == "Disconnect-Request")
                #expect(request.first("Calling-Station-Id") == Self.station)
                #expect(request.first("Acct-Session-Id") == "re-1", "the session that the device has")
                try await eventually("the ACK is recorded") { try await installation.outcomes() == ["ack"] }
            }
        }
    }
}
