import OpenSSL
import Testing

/// Who is let in: each refusal on both versions, with the fatal alert that the other end is told by.
@Suite struct TLSTrustTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture.shared.get() }

    /// A server that demands certificates, and a client that shows `certificate`.
    private func pair(
        _ version: TLSVersion, _ certificate: Certificate?, lists: [RevocationList] = []
    ) throws -> TLSPair {
        let server = try fixture.server(version...version).with {
            $0.peerCertificate = .required
            $0.revocationLists = try lists.flatMap { try $0.pem }
        }
        let client = try fixture.client().with {
            if let certificate { try $0.show(certificate, fixture.clientKey) }
        }
        return try TLSPair(server: server, client: client).settle()
    }

    private func expectRefused(_ pair: TLSPair, _ code: TLSFailure.Code, _ alert: UInt8) {
        #expect(pair.serverFailure == TLSFailure(code))
        #expect(pair.serverFailure?.alert?.direction == .sent)
        #expect(pair.serverFailure?.alert?.number == alert)
        #expect(pair.server.state == .closed && pair.server.peerCertificates.isEmpty)
        #expect(pair.clientFailure == TLSFailure(.alertReceived))
        #expect(pair.clientFailure?.alert?.number == alert)
        #expect(pair.clientFailure?.alert?.direction == .received)
        #expect(throws: TLSFailure(code)) { try pair.server.read() }
        #expect(throws: TLSFailure(code)) { try pair.server.receive([]) }
    }

    private func list(_ revoked: [Certificate], until: Int64? = nil) throws -> RevocationList {
        let entries = revoked.map { RevocationList.Entry(serial: $0.serial, revokedAt: fixture.now - 60) }
        let validity = CertificateValidity(
            notBefore: fixture.now - 2 * TLSFixture.hour, notAfter: until ?? fixture.now + TLSFixture.hour)
        return try fixture.authority.revocationList(entries, number: 1, validity: validity)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a client's certificate is demanded, checked and given out`(version: TLSVersion) throws {
        let certificate = try fixture.issueClient()
        let pair = try pair(version, certificate)
        #expect(pair.isEstablished && pair.serverFailure == nil && pair.clientFailure == nil)
        #expect(pair.server.peerCertificates == [certificate, fixture.authority.certificate])
        #expect(pair.server.peerCertificates.first?.alternativeNames.first == .email("device@example.fr"))
    }

    @Test(arguments: TLSVersion.allCases)
    func `a client without a certificate is refused`(version: TLSVersion) throws {
        // certificate_required is TLS 1.3's (RFC 8446 §6.2); before it was handshake_failure.
        expectRefused(try pair(version, nil), .certificateMissing, version == .tls13 ? 116 : 40)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a certificate of an authority of the same name and another key is refused`(version: TLSVersion) throws {
        let stranger = try TLSFixture().authority
        let pair = try pair(version, fixture.issueClient(by: stranger))
        #expect(
            pair.serverFailure == TLSFailure(.certificateUntrusted)
                || pair.serverFailure == TLSFailure(.certificateInvalid))
        #expect(pair.clientFailure == TLSFailure(.alertReceived))
    }

    @Test(arguments: TLSVersion.allCases)
    func `a certificate of an unknown authority is refused`(version: TLSVersion) throws {
        let stranger = try CertificateAuthority.create(name: "Stranger", validity: fixture.valid)
        expectRefused(try pair(version, fixture.issueClient(by: stranger)), .certificateUntrusted, 48)
    }

    @Test(arguments: TLSVersion.allCases)
    func `an expired certificate and one not valid yet are refused`(version: TLSVersion) throws {
        let now = fixture.now
        let expired = CertificateValidity(notBefore: now - TLSFixture.hour, notAfter: now - 1)
        expectRefused(try pair(version, fixture.issueClient(validity: expired)), .certificateExpired, 45)
        let future = CertificateValidity(notBefore: now + TLSFixture.hour, notAfter: now + 2 * TLSFixture.hour)
        expectRefused(try pair(version, fixture.issueClient(validity: future)), .certificateNotYetValid, 42)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a certificate on the revocation list is refused, its neighbour is not`(version: TLSVersion) throws {
        let (lost, kept) = (try fixture.issueClient(), try fixture.issueClient())
        let list = try list([lost])
        expectRefused(try pair(version, lost, lists: [list]), .certificateRevoked, 44)
        #expect(try pair(version, kept, lists: [list]).isEstablished)
    }

    @Test(arguments: TLSVersion.allCases)
    func `without a list of its authority in force nobody is let in`(version: TLSVersion) throws {
        let certificate = try fixture.issueClient()
        let old = try list([], until: fixture.now - 1)
        #expect(try pair(version, certificate, lists: [old]).serverFailure == TLSFailure(.revocationUnknown))
        let stranger = try CertificateAuthority.create(name: "Stranger", validity: fixture.valid)
        let other = try stranger.revocationList([], number: 1, validity: fixture.valid)
        #expect(try pair(version, certificate, lists: [other]).serverFailure == TLSFailure(.revocationUnknown))
        #expect(try pair(version, certificate, lists: [other, list([])]).isEstablished)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a server's certificate is no client's, and a client's no server's (RFC 5280 §4.2.1.12)`(
        version: TLSVersion
    ) throws {
        let profile = CertificateProfile.server(name: TLSFixture.serverName, validity: fixture.valid)
        let serverOnly = try fixture.authority.issue(profile, for: fixture.clientKey)
        #expect(try pair(version, serverOnly).serverFailure == TLSFailure(.certificateInvalid))
        let server = try fixture.server(version...version).with {
            try $0.show(fixture.issueClient(), fixture.clientKey)
        }
        let pair = try TLSPair(server: server, client: fixture.client()).settle()
        #expect(pair.clientFailure == TLSFailure(.certificateInvalid))
        #expect(pair.serverFailure == TLSFailure(.alertReceived))
    }

    @Test(arguments: TLSVersion.allCases)
    func `a client refuses an expired server, a stranger, and another name`(version: TLSVersion) throws {
        let expired = CertificateValidity(notBefore: fixture.now - 60, notAfter: fixture.now - 1)
        let late = try fixture.server(version...version, validity: expired)
        let pair = try TLSPair(server: late, client: fixture.client()).settle()
        #expect(pair.clientFailure == TLSFailure(.certificateExpired))
        #expect(pair.serverFailure?.alert?.number == 45)

        let server = try fixture.server(version...version)
        let elsewhere = try CertificateAuthority.create(name: "Stranger", validity: fixture.valid)
        let doubting = try fixture.client().with { $0.trustAnchors = try elsewhere.certificate.pem }
        #expect(
            try TLSPair(server: server, client: doubting).settle().clientFailure == TLSFailure(.certificateUntrusted))

        for name in ["other.example.fr", "example.fr", "192.0.2.1", "2001:db8::1"] {
            let client = try fixture.client().with { $0.verifyName = name }
            #expect(
                try TLSPair(server: server, client: client).settle().clientFailure
                    == TLSFailure(.certificateNameMismatch))
        }
    }

    @Test func `a client that demands nothing takes any server`() throws {
        let client = TLSSettings(role: .client).with { $0.peerCertificate = .none }
        let pair = try TLSPair(server: fixture.server(), client: client).settle()
        #expect(pair.isEstablished && pair.client.peerCertificates.isEmpty)
    }

    @Test func `ends without a version in common part with protocol_version`() throws {
        let pair = try TLSPair(server: fixture.server(.tls13 ... .tls13), client: fixture.client(.tls12 ... .tls12))
        pair.settle()
        #expect(pair.serverFailure == TLSFailure(.versionMismatch))
        #expect(pair.clientFailure?.alert?.number == 70)
    }

    @Test func `a failure says what happened and to nobody whose name it knows`() throws {
        let stranger = try CertificateAuthority.create(name: "Stranger", validity: fixture.valid)
        let pair = try pair(.tls12, fixture.issueClient(by: stranger))
        #expect(
            pair.serverFailure?.description
                == "TLS: certificateUntrusted, sent unknown CA (48), certificate verify failed")
    }
}
