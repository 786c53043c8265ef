import Foundation
import Testing

extension SystemTests {
    /// hostapd as a NAS: its accounting, and our Disconnect-Requests to it.
    @Suite(.serialized, .timeLimit(.minutes(3)), .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1")) struct HostapdTests {
        @Test func `a revoked voucher ends the session that hostapd has, and hostapd's ACK and Stop are recorded`()
            async throws
        {
            try await Lab.during("hostapd") { lab in
                try await Installation.during("hostapd", lab: lab, gateway: .hostapd) { installation in
                    let voucher = try await installation.voucher()
                    try await hostapd(lab, installation, identity: voucher)
                    let station = try Product.root().appending(path: "deploy/lab/station").path
                    try await lab.start("station", .client, [station, lab.folder.url.path, voucher])
                    let session = try await eventually("hostapd's session is counted", within: .seconds(30)) {
                        try await installation.sessions(where: "calling_station = '\(Lab.Address.stationMAC)'").first
                    }
                    #expect(session.subjectKind == "voucher" && session.stoppedAt == nil)
                    try await eventually("an Interim-Update arrives") {
                        try await installation.sessions(where: "session_seconds > 0").count == 1
                    }

                    try await installation.revoke(voucher)
                    try await eventually("hostapd acknowledges the Disconnect-Request") {
                        try await installation.outcomes() == ["ack"]
                    }
                    #expect(
                        lab.log("hostapd").contains(
                            "Found a matching session \(Lab.Address.stationMAC) - disconnecting"))
                    let ended = try await eventually("hostapd's Stop arrives", within: .seconds(20)) {
                        try await installation.sessions(where: "stopped_at IS NOT NULL").first
                    }
                    #expect(ended.identifier == session.identifier && !ended.inferredStop)
                    let again = try await installation.radclient.authenticate([
                        "User-Name = \"\(voucher)\"", "User-Password = \"\(voucher)\"",
                    ])
                    #expect(again.code == "Access-Reject", "a revoked voucher lets nobody in")
                }
            }
        }

        @Test func `a session that hostapd does not know is answered with NAK 503, which is recorded and not repeated`()
            async throws
        {
            try await Lab.during("hostapd-nak") { lab in
                try await Installation.during("hostapd-nak", lab: lab, gateway: .hostapd) { installation in
                    let voucher = try await installation.voucher()
                    try await hostapd(lab, installation, identity: "nobody")
                    let start = try await installation.radclient.account([
                        "Acct-Status-Type = Start", "Acct-Session-Id = \"unknown-to-hostapd\"",
                        "User-Name = \"\(voucher)\"", "Calling-Station-Id = \"02-00-5E-00-53-77\"",
                    ])
                    #expect(start.code == "Accounting-Response", "\(start.text)")
                    try await installation.revoke(voucher)
                    try await eventually("the refusal is recorded") {
                        try await installation.outcomes() == ["nak:503"]
                    }
                }
            }
        }

        @Test(.timeLimit(.minutes(3)))
        func `a device logs in by EAP-TTLS, is counted and asked again, and is out when its account is closed`()
            async throws
        {
            let (login, password) = ("agent@mairie.test", "Fenêtre sur Ornain 1642")
            try await Lab.during("dot1x") { lab in
                try await Installation.during("dot1x", lab: lab, gateway: .dot1x) { installation in
                    try await installation.account(login, password: password)
                    try await hostapd(lab, installation)
                    try await station(lab, "station", login, password)
                    let session = try await eventually("the account's session is counted", within: .seconds(30)) {
                        try await installation.sessions(where: "calling_station = '\(Lab.Address.stationMAC)'").first
                    }
                    #expect(session.subjectKind == "account", "by Class or the inner name, not by “anonymous”")
                    #expect(lab.log("station").contains("CTRL-EVENT-EAP-SUCCESS"))
                    try await eventually("an Interim-Update arrives") {
                        try await installation.sessions(where: "session_seconds > 0").count == 1
                    }
                    try await eventually("hostapd has it authenticate again", within: .seconds(20)) {
                        try await installation.accepts(method: "ttls-pap") >= 2
                    }
                    #expect(try await installation.sessions(where: "true").count == 1, "that is no new session")

                    try await installation.socle("account", "close", login)
                    let ended = try await eventually("hostapd's Stop arrives", within: .seconds(20)) {
                        try await installation.sessions(where: "stopped_at IS NOT NULL").first
                    }
                    #expect(ended.identifier == session.identifier && !ended.inferredStop)
                    #expect(lab.log("hostapd").contains("Found a matching session \(Lab.Address.stationMAC)"))
                    try await eventually("the command is over when accounting says so", within: .seconds(20)) {
                        try await installation.outcomes() == ["stopped"]
                    }
                    try await lab.end("station")
                    try await station(lab, "again", login, password)
                    try await eventually("a closed account lets nobody in", within: .seconds(60)) {
                        lab.log("again").contains("CTRL-EVENT-EAP-FAILURE")
                    }
                    #expect(!lab.log("again").contains("CTRL-EVENT-EAP-SUCCESS"))
                }
            }
        }

        /// Starts the device at hostapd's port.
        private func station(_ lab: Lab, _ name: String, _ login: String, _ password: String) async throws {
            let script = try Product.root().appending(path: "deploy/lab/station").path
            try await lab.start(name, .client, [script, lab.folder.url.path, login, password])
        }

        /// Starts hostapd. A device that logs in under `identity` it lets in by itself; without, the product decides.
        private func hostapd(_ lab: Lab, _ installation: Installation, identity: String? = nil) async throws {
            let script = try Product.root().appending(path: "deploy/lab/hostapd").path
            let arguments = [script, lab.folder.url.path, installation.secret] + (identity.map { [$0] } ?? [])
            try await lab.start("hostapd", .gateway, arguments)
            try await eventually("hostapd is up") { lab.log("hostapd").contains("port0: AP-ENABLED") }
        }
    }
}
