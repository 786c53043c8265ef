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
                    let portal = installation.portalURL(of: Lab.Address.portal)
                    try await start(lab, installation)
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
                    // Acknowledged first, and over once accounting agrees.
                    try await installation.endsCommands(["stopped"])
                }
            }
        }

        /// The portal is told to answer by CHAP, and hands a typed password over as one all the same.
        @Test
        func
            `a visitor with an account is refused by its reason, gets through with the right password, and is in no log`()
            async throws
        {
            try await Lab.during("uam-account") { lab in
                try await Installation.during("uam-account", lab: lab, gateway: .uam("chap"), logLevel: "debug") {
                    installation in
                    let (user, password) = ("elue@mairie.test", "Fenêtre sur l'Ornain, 1642")
                    try await installation.account(user, password: password)
                    try await start(lab, installation)
                    let visitor = Visitor(browser: try await Browser(lab), name: "uam-account")
                    try await visitor.arrives(at: installation.portalURL(of: Lab.Address.portal))
                    for name in [user, "nobody@mairie.test"] {
                        try await visitor.submit(user: name, password: "not-the-password")
                        try await visitor.shows(
                            "L’identifiant ou le mot de passe n’est pas le bon", screenshot: "uam-account-2-refused")
                        #expect(try await !lab.internetIsOpen())
                    }
                    try await visitor.submit(user: "Elue@mairie.test", password: password)
                    try await visitor.shows("Cet appareil a accès à Internet", screenshot: "uam-account-3-connected")
                    #expect(try await lab.internetIsOpen())
                    #expect(lab.log("uam").contains("User-Password = "))
                    let session = try #require(try await installation.sessions(where: "stopped_at IS NULL").first)
                    #expect(session.subjectKind == "account")
                    for secret in [password, "not-the-password", user, "nobody@mairie.test"] {
                        #expect(!installation.log.lowercased().contains(secret.lowercased()), "\(secret)")
                    }
                    try await visitor.browser.open("http://\(Lab.Address.gatewayLAN):3990/logoff")
                    try await installation.close(user)
                    try await visitor.browser.open("http://meteo.example.test/")
                    try await visitor.submit(user: user, password: password)
                    try await visitor.shows("Ce compte est fermé", screenshot: "uam-account-4-closed")
                    #expect(try await !lab.internetIsOpen())
                }
            }
        }

        private func start(_ lab: Lab, _ installation: Installation) async throws {
            let script = try Product.root().appending(path: "deploy/lab/uam_gateway.py").path
            let portal = installation.portalURL(of: Lab.Address.portal)
            try await lab.start("uam", .gateway, [script, portal, installation.portalKey, installation.secret])
            try await eventually("the gateway listens") {
                try await lab.command(.client, ["curl", "-s", "http://\(Lab.Address.gatewayLAN):3990/"]).outcome()
                    .status
                    == 0
            }
        }
    }
}
