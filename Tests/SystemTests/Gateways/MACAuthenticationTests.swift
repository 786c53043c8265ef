import Foundation
import Testing

extension SystemTests {
    /// An access point without a portal of its own: the portal grants the device, RADIUS knows it by its MAC address.
    @Suite(.serialized, .timeLimit(.minutes(3)), .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1"))
    struct MACAuthenticationTests {
        @Test func `a device is unknown until its user has logged in at the portal, and then needs no login`()
            async throws
        {
            try await Lab.during("mac") { lab in
                try await Installation.during("mac", lab: lab, gateway: .hostapd) { installation in
                    let portal = installation.portalURL(of: Lab.Address.portal)
                    let radclient = installation.radclient
                    let bare = Lab.Address.clientMAC.replacingOccurrences(of: ":", with: "")
                    let device = [
                        "User-Name = \"\(bare)\"",
                        "Calling-Station-Id = \"\(Lab.Address.clientMAC)\"",
                        "Framed-IP-Address = \(Lab.Address.client)",
                    ]
                    let credentials = device + ["User-Password = \"\(bare)\""]
                    #expect(try await radclient.authenticate(credentials).code == "Access-Reject")

                    let browser = try await Browser(lab)
                    let visitor = Visitor(browser: browser, name: "mac")
                    try await browser.open("\(portal)?mac=\(Lab.Address.clientMAC)&ip=\(Lab.Address.client)")
                    try await visitor.submit(try await installation.voucher())
                    let accepted = try await eventually("the device is known") { () async throws -> Radclient.Reply? in
                        let reply = try await radclient.authenticate(credentials)
                        return reply.code == "Access-Accept" ? reply : nil
                    }
                    let subject = try #require(accepted.first("Class"))
                    let start = ["Acct-Status-Type = Start", "Acct-Session-Id = \"mac-1\"", "Class = \(subject)"]
                    #expect(try await radclient.account(device + start).code == "Accounting-Response")
                    try await visitor.shows("Cet appareil a accès à Internet", screenshot: "mac-3-connected")
                    let session = try #require(try await installation.sessions(where: "true").first)
                    #expect(session.subjectKind == "voucher")
                    let api = try await lab.command(.client, ["curl", "-sf", "\(portal)/capport"]).run()
                    #expect(api.contains("\"captive\":false") || api.contains("\"captive\": false"), "RFC 8908: \(api)")
                }
            }
        }
    }
}
