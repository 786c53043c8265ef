import OpenSSL
import Testing

@Suite struct TLSExtensionTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture.shared.get() }

    private func pair(_ version: TLSVersion, ours: [String], theirs: [String]) throws -> TLSPair {
        let server = try fixture.server(version...version).with { $0.applicationProtocols = ours }
        let client = try fixture.client().with { $0.applicationProtocols = theirs }
        return try TLSPair(server: server, client: client).settle()
    }

    @Test(arguments: TLSVersion.allCases)
    func `the server's first protocol that the client offers is chosen (RFC 7301 §3.2)`(version: TLSVersion) throws {
        let pair = try pair(
            version, ours: ["radius/1.1", "radius/1.0"], theirs: ["other", "radius/1.0", "radius/1.1"])
        #expect(pair.server.applicationProtocol == "radius/1.1")
        #expect(pair.client.applicationProtocol == "radius/1.1")
        let older = try self.pair(version, ours: ["radius/1.1", "radius/1.0"], theirs: ["radius/1.0"])
        #expect(older.server.applicationProtocol == "radius/1.0")
    }

    @Test(arguments: TLSVersion.allCases)
    func `where one end knows no protocols none is chosen`(version: TLSVersion) throws {
        for (ours, theirs) in [(["radius/1.1"], []), ([], ["radius/1.1"]), ([], [])] {
            let pair = try pair(version, ours: ours, theirs: theirs)
            #expect(pair.isEstablished)
            #expect(pair.server.applicationProtocol == nil && pair.client.applicationProtocol == nil)
        }
    }

    @Test(arguments: TLSVersion.allCases)
    func `without a protocol in common the client is refused`(version: TLSVersion) throws {
        // A prefix of a name, and a name with a prefix of it, are other names.
        let pair = try pair(version, ours: ["radius/1.1"], theirs: ["radius/1.10", "radius/1."])
        #expect(pair.serverFailure == TLSFailure(.applicationProtocolMismatch))
        #expect(pair.clientFailure?.alert?.number == 120)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a stapled response reaches the client that asks for it (RFC 6066 §8)`(version: TLSVersion) throws {
        let response = [UInt8](repeating: 0x30, count: 1500)
        let server = try fixture.server(version...version).with { $0.ocspResponse = response }
        for asks in [true, false] {
            let client = try fixture.client().with { $0.requestsOCSP = asks }
            let pair = try TLSPair(server: server, client: client).settle()
            #expect(pair.isEstablished)
            #expect(pair.client.stapledResponse == (asks ? response : nil))
            #expect(pair.server.stapledResponse == nil)
        }
    }

    @Test func `on TLS 1.2 key exchange is ephemeral and authenticated encryption preferred`() throws {
        let pair = try TLSPair(server: fixture.server(.tls12 ... .tls12), client: fixture.client()).settle()
        let suite = try #require(pair.server.cipherSuite)
        #expect(suite.hasPrefix("TLS_ECDHE_ECDSA_WITH_"))
        #expect(suite.contains("_GCM_") || suite.contains("CHACHA20"))
    }

    @Test(arguments: TLSVersion.allCases)
    func `the certificates after the first are sent with it, in every session`(version: TLSVersion) throws {
        let (key, validity) = (try PrivateKey.generate(), fixture.valid)
        let extra = try fixture.authority.issue(.server(name: "extra.example.fr", validity: validity), for: key)
        let client = try TLSContext(fixture.client())
        // The answers differ by the certificate, and by the few octets that signatures vary in length.
        func answer(_ server: TLSContext) throws -> Int {
            let (near, far) = (try TLSSession(client), try TLSSession(server))
            try near.handshake()
            try far.receive(near.takeOutput())
            return far.pendingOutput
        }
        let alone = try TLSContext(fixture.server(version...version))
        let followed = try TLSContext(fixture.server(version...version).with { $0.certificateChain += try extra.pem })
        for _ in 0..<50 { #expect(try answer(followed) >= answer(alone) + extra.der.count - 16) }
    }
}
