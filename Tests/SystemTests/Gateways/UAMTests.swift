import Foundation
import Testing

extension SystemTests {
    /// A gateway of the UAM kind: redirection with a challenge, our answer, RADIUS by radclient.
    @Suite(.serialized, .timeLimit(.minutes(3)), .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1")) struct UAMTests {
        @Test(arguments: ["chap", "pap"])
        func `a visitor with a voucher gets through a UAM gateway, is counted, and logs off`(method: String)
            async throws
        {
            try await Lab.during("uam-\(method)") { lab in
                try await Installation.during("uam-\(method)", lab: lab, gateway: .uam(method)) { installation in
                    let script = try Product.root().appending(path: "deploy/lab/uam_gateway.py").path
                    let portal = installation.portalURL(of: Lab.Address.portal)
                    let arguments = [script, portal, installation.portalKey, installation.secret]
                    try await lab.start("uam", .gateway, arguments)
                    try await eventually("the gateway listens") {
                        try await lab.command(.client, ["curl", "-s", "http://\(Lab.Address.gatewayLAN):3990/"])
                            .outcome()
                            .status == 0
                    }
                    #expect(try await !lab.internetIsOpen())
                    let browser = try await Browser(lab)
                    let visitor = Visitor(browser: browser, name: "uam-\(method)")
                    try await visitor.arrives(at: portal)
                    try await visitor.isRefused(with: "22222-22222")
                    #expect(try await !lab.internetIsOpen())
                    try await visitor.logsIn(with: installation.voucher())
                    #expect(try await lab.internetIsOpen())
                    let proof = method == "chap" ? "CHAP-Password = 0x00" : "User-Password = "
                    #expect(lab.log("uam").contains(proof))
                    let session = try #require(try await installation.sessions(where: "stopped_at IS NULL").first)
                    #expect(session.subjectKind == "voucher")

                    try await visitor.disconnects(from: portal)
                    try await eventually("the Internet is closed") { try await !lab.internetIsOpen() }
                    let ended = try await eventually("the Stop arrives") {
                        try await installation.sessions(where: "stopped_at IS NOT NULL").first
                    }
                    // CoovaChilli's “input” is what went to the client, the reverse of RFC 2866.
                    #expect(ended.inputOctets == 1000 && ended.outputOctets == 20000)
                    #expect(try await installation.outcomes() == ["ack"])
                }
            }
        }
    }
}
