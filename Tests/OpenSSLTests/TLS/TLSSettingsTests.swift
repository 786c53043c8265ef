import OpenSSL
import Testing

@Suite struct TLSSettingsTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture.shared.get() }

    private func expect(_ code: OpenSSLError.Code, _ settings: TLSSettings) {
        #expect(throws: OpenSSLError(code, "")) { try TLSContext(settings) }
    }

    @Test func `settings that contradict themselves are refused`() throws {
        let server = try fixture.server()
        let client = try fixture.client()
        let wrong = [
            TLSSettings(role: .server), TLSSettings(role: .client),
            server.with { $0.privateKey = [] },
            server.with { $0.certificateChain = [] },
            server.with { ($0.peerCertificate, $0.trustAnchors) = (.required, []) },
            client.with { $0.certificateChain = server.certificateChain },
            client.with { $0.verifyName = "" },
            client.with { $0.verifyName = String(repeating: "a", count: 254) },
            client.with { $0.verifyName = "radius\0.example.fr" },
            server.with { $0.ocspResponse = [] },
            server.with { $0.resumptionScope = String(repeating: "a", count: 65) },
            server.with { $0.applicationProtocols = [""] },
            server.with { $0.applicationProtocols = [String(repeating: "a", count: 256)] },
            server.with { $0.applicationProtocols = Array(repeating: String(repeating: "a", count: 255), count: 5) },
            client.with { $0.trustAnchors = Array("no certificate\n".utf8) },
        ]
        for settings in wrong { expect(.settingInvalid, settings) }
        _ = try TLSContext(server.with { $0.applicationProtocols = [String(repeating: "a", count: 255)] })
        _ = try TLSContext(server.with { $0.resumptionScope = String(repeating: "a", count: 64) })
    }

    @Test func `octets that are no certificate, key or list are refused`() throws {
        let server = try fixture.server()
        let damaged = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        expect(.certificateMalformed, server.with { $0.certificateChain = [1, 2, 3] })
        expect(.certificateMalformed, server.with { $0.certificateChain += damaged })
        expect(.certificateMalformed, server.with { $0.privateKey = damaged })
        expect(.certificateMalformed, server.with { $0.revocationLists = [1, 2, 3] })
        let list = Array("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n".utf8)
        expect(.certificateMalformed, server.with { $0.revocationLists = list })
        expect(.certificateMalformed, try fixture.client().with { $0.trustAnchors += damaged })
        let sealed = try fixture.serverKey.pem(passphrase: "secret")
        expect(.passphraseWrong, server.with { $0.privateKey = sealed })
    }

    @Test func `a key of another certificate is refused`() throws {
        let other = try fixture.clientKey.pem()
        expect(.keyMismatch, try fixture.server().with { $0.privateKey = other })
    }

    @Test func `settings and ticket keys print no key`() throws {
        let keys = TLSTicketKeys(current: [UInt8](repeating: 0xAB, count: 80), lifetimeSeconds: 60)
        let settings = try fixture.server().with { $0.resumption = keys }
        for value in [settings, keys] as [Any] {
            var dumped = "\(value) \(String(reflecting: value))"
            dump(value, to: &dumped)
            #expect(!dumped.contains("171") && !dumped.contains("BEGIN") && !dumped.contains("45"))
        }
    }

    @Test func `a session keeps the context it began with, and a context serves many threads`() async throws {
        let server = try TLSContext(fixture.server())
        let client = try TLSContext(fixture.client())
        let established = try await withThrowingTaskGroup { group in
            for _ in 0..<32 {
                group.addTask { try TLSPair(server: server, client: client).settle().isEstablished }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(established == 32)
    }
}
