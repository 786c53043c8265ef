import Foundation
import Testing

extension SystemTests {
    /// Debian's openNDS as the gateway, our portal as its forward authentication service, Chromium as the visitor.
    @Suite(.serialized, .timeLimit(.minutes(4)), .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1")) struct OpenNDSTests {
        /// Level 1 passes the parameters as they are and the browser brings the answer back; level 3 encrypts them and
        /// fetches the answer itself, over HTTPS.
        @Test(arguments: [1, 3])
        func `a visitor with a voucher gets through openNDS, is counted, and ends it from the status page`(
            level: Int
        ) async throws {
            let name = "opennds-\(level)"
            try await Lab.during(name) { lab in
                try await Installation.during(name, lab: lab, gateway: .opennds) { installation in
                    let portal = installation.portalURL(of: Lab.Address.portal, secure: level == 3)
                    try await opennds(lab, installation, level: level)
                    #expect(try await !lab.internetIsOpen())
                    let visitor = Visitor(browser: try await Browser(lab), name: name)
                    try await visitor.arrives(at: portal)
                    try await visitor.isRefused(with: "22222-22222")
                    #expect(try await !lab.internetIsOpen())

                    try await visitor.logsIn(with: installation.voucher())
                    try await eventually("the Internet is open") { try await lab.internetIsOpen() }
                    #expect(try await state(lab) == "Authenticated")
                    let after = try await visitor.browser.open("http://info.example.test/")
                    #expect(after.text.contains("INTERNET-OK"))
                    try await visitor.browser.look(screenshot: "\(name)-6-internet")
                    let session = try #require(try await installation.sessions(where: "true").first)
                    #expect(session.stoppedAt == nil && session.subjectKind == "voucher")
                    #expect(session.station == Lab.Address.clientMAC)
                    try await downloads(300_000, lab)

                    try await visitor.disconnects(from: portal)
                    try await eventually("the Internet is closed", within: .seconds(20)) {
                        try await !lab.internetIsOpen()
                    }
                    let ended = try await eventually("the session is closed") {
                        try await installation.sessions(where: "stopped_at IS NOT NULL").first
                    }
                    #expect(ended.terminateCause == "User-Request" && !ended.inferredStop)
                    // Only level 3 reports to the portal.
                    #expect(level == 1 || (300_000..<600_000).contains(ended.outputOctets), "\(ended.outputOctets)")
                }
            }
        }

        private func opennds(_ lab: Lab, _ installation: Installation, level: Int) async throws {
            let port = level == 3 ? installation.ports.portalTLS : installation.ports.portal
            try await lab.start(
                "opennds", .gateway,
                [
                    try Product.root().appending(path: "deploy/lab/opennds").path, String(level),
                    installation.gatewayName, installation.portalKey, String(port), "/\(installation.slug)",
                    lab.folder.path("pki/ca.pem"),
                ])
            try await eventually("openNDS is up", within: .seconds(45)) {
                try await lab.join("opennds", ["ndsctl", "status"]).run().contains("Version")
            }
            guard level == 3 else { return }
            // The first thing its authmon says is that all before is void: a login before that would be void too.
            try await eventually("authmon has asked the portal", within: .seconds(30)) {
                lab.log("opennds").components(separatedBy: "debuglevel=").count > 2
            }
        }

        /// Lets the client fetch that many octets, and waits until openNDS, which counts every few seconds, has them.
        private func downloads(_ octets: Int, _ lab: Lab) async throws {
            let address = "http://big.example.test/bytes/\(octets)"
            try await lab.command(.client, ["curl", "-sf", "-o", "/dev/null", address]).run()
            try await eventually("openNDS has counted the download", within: .seconds(20)) {
                let text = try await lab.join("opennds", ["ndsctl", "json", Lab.Address.client]).run()
                let kibibytes = text.firstMatch(of: /"download_this_session":"(\d+)"/).flatMap { Int($0.output.1) }
                return (kibibytes ?? 0) * 1024 >= octets
            }
        }

        /// What openNDS says of the client: `Preauthenticated` or `Authenticated`.
        private func state(_ lab: Lab) async throws -> String? {
            let text = try await lab.join("opennds", ["ndsctl", "json", Lab.Address.client]).run()
            return text.firstMatch(of: /"state":"(\w+)"/).map { String($0.output.1) }
        }
    }
}
