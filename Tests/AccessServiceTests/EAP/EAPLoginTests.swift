import AccessService
import EAP
import Foundation
import OpenSSL
import RADIUS
import Store
import Territory
import Testing

/// The daemon against eapol_test, over the loopback; one after the other, for a supplicant waits three seconds alone.
@Suite(.serialized) struct EAPLoginTests {
    private func serving(
        _ configure: (inout EAPConfiguration) -> Void = { _ in },
        _ body: (Deployment, Supplicant) async throws -> Void
    ) async throws {
        let files = try EAPFiles()
        var eap = files.configuration
        configure(&eap)
        try await Deployment.with(configure: { $0.eap = eap }) { deployment in
            try await body(deployment, Supplicant(port: deployment.authenticationPort, files: files))
        }
    }

    private func account(_ ground: Ground, _ login: String, _ password: String) async throws -> Account {
        try await Accounts(ground.owner).create(
            login: login, passwordHash: Secret(text: AccountLoginTests.yescrypt(password)), of: ground.organisation)
    }

    @Test(arguments: Supplicant.TLS.allCases)
    func `TTLS with PAP lets an account in with keys that agree`(tls: Supplicant.TLS) async throws {
        try await serving { deployment, supplicant in
            _ = try await account(deployment.ground, "agent@trou.example", "fontaine")
            let outcome = try await supplicant.run(Supplicant.ttls("PAP", "agent@trou.example", "fontaine"), tls)
            #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
            #expect(outcome.received("Attribute 25 (Class)") && outcome.received("Attribute 27 (Session-Timeout)"))
            #expect(outcome.text.contains("Value: 'agent@trou.example'"), "the inner name is what is accounted for")
            #expect(!outcome.received("Reply-Message"))
        }
    }

    @Test(arguments: Supplicant.TLS.allCases)
    func `TTLS with PAP refuses a wrong password, and nobody with an unknown name`(tls: Supplicant.TLS) async throws {
        try await serving { deployment, supplicant in
            _ = try await account(deployment.ground, "agent", "fontaine")
            for (login, password) in [("agent", "fontaines"), ("nobody", "fontaine")] {
                let outcome = try await supplicant.run(Supplicant.ttls("PAP", login, password), tls)
                #expect(outcome.isRefused, "\(outcome.text.suffix(3000))")
                #expect(!outcome.received("Reply-Message"))
            }
        }
    }

    @Test(arguments: ["PAP", "CHAP", "MSCHAPV2", "autheap=GTC", "autheap=MSCHAPV2"], Supplicant.TLS.allCases)
    func `TTLS lets a voucher in whatever is inside: its code can be read`(inner: String, tls: Supplicant.TLS)
        async throws
    {
        try await serving { deployment, supplicant in
            let code = try await deployment.ground.voucher().code.canonical
            let outcome = try await supplicant.run(Supplicant.ttls(inner, code, code), tls)
            #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
            let wrong = try await supplicant.run(Supplicant.ttls(inner, code, "nonsense"), tls)
            #expect(wrong.isRefused, "\(wrong.text.suffix(3000))")
        }
    }

    @Test(arguments: Supplicant.TLS.allCases)
    func `PEAP with MSCHAPv2 lets a voucher in, and refuses another password`(tls: Supplicant.TLS) async throws {
        try await serving { deployment, supplicant in
            let code = try await deployment.ground.voucher().code.canonical
            let outcome = try await supplicant.run(Supplicant.peap(code, code), tls)
            #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
            let wrong = try await supplicant.run(Supplicant.peap(code, "nonsense"), tls)
            #expect(wrong.isRefused, "\(wrong.text.suffix(3000))")
        }
    }

    @Test(arguments: [Supplicant.peap("agent", "fontaine"), Supplicant.ttls("MSCHAPV2", "agent", "fontaine")])
    func `MSCHAPv2 lets in an account whose NT hash is kept, and refuses another password`(lines: [String])
        async throws
    {
        try await serving { deployment, supplicant in
            let ground = deployment.ground
            _ = try await AccountPasswords(ground.owner, keys: ground.keys).open(
                login: "agent", hash: Secret(text: AccountLoginTests.yescrypt("fontaine")),
                nt: Secret(try NTHash(password: "fontaine").octets), of: ground.organisation)
            for tls in Supplicant.TLS.allCases {
                let outcome = try await supplicant.run(lines, tls)
                #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
                let wrong = lines.map { $0.replacingOccurrences(of: "fontaine", with: "lavoir") }
                #expect(try await supplicant.run(wrong, tls).isRefused)
            }
        }
    }

    @Test func `PEAP with MSCHAPv2 refuses an account whose NT hash nobody kept`() async throws {
        try await serving { deployment, supplicant in
            _ = try await account(deployment.ground, "agent", "fontaine")
            let outcome = try await supplicant.run(Supplicant.peap("agent", "fontaine"), .v12)
            #expect(outcome.isRefused, "\(outcome.text.suffix(3000))")
        }
    }

    @Test(arguments: Supplicant.TLS.allCases)
    func `EAP-TLS lets in the account that the certificate names, and no revoked certificate`(tls: Supplicant.TLS)
        async throws
    {
        try await serving { deployment, supplicant in
            _ = try await account(deployment.ground, "agent@trou.example", "fontaine")
            _ = try supplicant.files.device("agent", identity: "agent@trou.example")
            let lost = try supplicant.files.device("lost", identity: "agent@trou.example")
            _ = try supplicant.files.device("stranger", identity: "nobody@trou.example")
            let outcome = try await supplicant.run(supplicant.tls("agent"), tls)
            #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
            #expect(outcome.text.contains("Value: 'agent@trou.example'"))
            let unknown = try await supplicant.run(supplicant.tls("stranger"), tls)
            #expect(unknown.isRefused, "\(unknown.text.suffix(3000))")
            try supplicant.files.revoke([lost])
        }
    }

    @Test(arguments: Supplicant.TLS.allCases)
    func `EAP-TLS refuses a revoked and an expired certificate`(tls: Supplicant.TLS) async throws {
        let files = try EAPFiles()
        let lost = try files.device("lost", identity: "agent@trou.example")
        _ = try files.device("old", identity: "agent@trou.example", days: 0)
        try files.revoke([lost])
        let eap = files.configuration
        try await Deployment.with(configure: { $0.eap = eap }) { deployment in
            _ = try await account(deployment.ground, "agent@trou.example", "fontaine")
            let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
            for name in ["lost", "old"] {
                let outcome = try await supplicant.run(supplicant.tls(name), tls)
                #expect(outcome.isRefused, "\(outcome.text.suffix(3000))")
            }
        }
    }
}

/// Resumption and renewal, as eapol_test sees them.
extension EAPLoginTests {
    @Test(arguments: Supplicant.TLS.allCases)
    func `a supplicant resumes its session, with new keys that agree`(tls: Supplicant.TLS) async throws {
        try await serving { deployment, supplicant in
            let code = try await deployment.ground.voucher().code.canonical
            _ = try await account(deployment.ground, "agent@trou.example", "fontaine")
            _ = try supplicant.files.device("agent", identity: "agent@trou.example")
            for lines in [Supplicant.ttls("PAP", code, code), Supplicant.peap(code, code), supplicant.tls("agent")] {
                let outcome = try await supplicant.run(lines, tls, again: 2)
                #expect(outcome.succeeded && outcome.agreedKeys == 3, "\(outcome.text.suffix(3000))")
                #expect(outcome.resumptions == 2, "\(lines[0])")
            }
        }
    }
}
