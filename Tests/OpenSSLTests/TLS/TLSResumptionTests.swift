import OpenSSL
import Testing

/// Each context stands for a node of its own: what they have in common is the settings.
@Suite struct TLSResumptionTests {
    private let fixture: TLSFixture
    private let first = TLSTicketKeys(current: SecureRandom.bytes(80), lifetimeSeconds: 3600)

    init() throws { fixture = try TLSFixture.shared.get() }

    private func server(
        _ version: TLSVersion, _ keys: TLSTicketKeys?, _ change: (inout TLSSettings) throws -> Void = { _ in }
    ) throws -> TLSContext {
        let settings = try fixture.server(version...version).with {
            $0.resumption = keys
            try change(&$0)
        }
        return try TLSContext(settings)
    }

    /// A full handshake whose ticket seals `data`: the session the client can resume.
    private func session(_ server: TLSContext, _ client: TLSContext, _ data: [UInt8]) throws -> [UInt8] {
        let pair = try TLSPair(server: server, client: client)
        try pair.server.setTicketData(data)
        pair.settle()
        #expect(pair.isEstablished && !pair.server.isResumed && pair.server.resumedTicketData == nil)
        return try #require(try pair.ticket(data))
    }

    private func client(_ certificate: Certificate? = nil) throws -> TLSContext {
        try TLSContext(
            fixture.client().with { if let certificate { try $0.show(certificate, fixture.clientKey) } })
    }

    @Test(arguments: TLSVersion.allCases)
    func `another node with the same keys resumes, and reads what the ticket sealed`(version: TLSVersion) throws {
        let client = try client()
        let data = SecureRandom.bytes(TLSSession.longestTicketData)
        let session = try session(server(version, first), client, data)
        let pair = try TLSPair(server: server(version, first), client: client, resuming: session).settle()
        #expect(pair.isEstablished && pair.server.isResumed && pair.client.isResumed)
        #expect(pair.server.resumedTicketData == data)
        #expect(pair.server.version == version)
        #expect(try pair.toServer([1]) == [1])
        let label = "client EAP encryption"
        #expect(
            try pair.server.exportKeyingMaterial(label: label, length: 64)
                == pair.client.exportKeyingMaterial(label: label, length: 64))
    }

    @Test(arguments: TLSVersion.allCases)
    func `a ticket of the previous key is still good, one of an unknown key means a full handshake`(
        version: TLSVersion
    ) throws {
        let client = try client()
        let session = try session(server(version, first), client, [7])
        let next = TLSTicketKeys(current: SecureRandom.bytes(80), previous: first.current, lifetimeSeconds: 3600)
        let rotated = try TLSPair(server: server(version, next), client: client, resuming: session).settle()
        #expect(rotated.isEstablished && rotated.server.isResumed && rotated.server.resumedTicketData == [7])
        // The ticket that takes its place seals the same, under the current key.
        if version == .tls13 {
            try rotated.server.issueTicket()
            try rotated.client.receive(rotated.server.takeOutput())
            _ = try rotated.client.read()
        }
        let renewed = try #require(rotated.client.resumable)
        let alone = TLSTicketKeys(current: next.current, lifetimeSeconds: 3600)
        let later = try TLSPair(server: server(version, alone), client: client, resuming: renewed).settle()
        #expect(later.server.isResumed && later.server.resumedTicketData == [7])
        let unknown = try TLSPair(server: server(version, alone), client: client, resuming: session).settle()
        #expect(unknown.isEstablished && !unknown.server.isResumed && unknown.server.resumedTicketData == nil)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a certificate survives in the ticket, and is looked at again`(version: TLSVersion) throws {
        let certificate = try fixture.issueClient()
        let client = try client(certificate)
        let demanding: (inout TLSSettings) throws -> Void = { $0.peerCertificate = .required }
        let session = try session(server(version, first, demanding), client, [1])
        let pair = try TLSPair(server: server(version, first, demanding), client: client, resuming: session).settle()
        #expect(pair.server.isResumed && pair.server.peerCertificates == [certificate])

        let entry = RevocationList.Entry(serial: certificate.serial, revokedAt: fixture.now)
        let past = CertificateValidity(notBefore: fixture.now - 60, notAfter: fixture.now - 1)
        let cases: [(RevocationList, TLSFailure.Code?)] = [
            (try fixture.authority.revocationList([], number: 1, validity: fixture.valid), nil),
            (try fixture.authority.revocationList([entry], number: 2, validity: fixture.valid), .certificateRevoked),
            (try fixture.authority.revocationList([], number: 3, validity: past), .revocationUnknown),
        ]
        for (list, refusal) in cases {
            let strict = try server(version, first) {
                $0.peerCertificate = .required
                $0.revocationLists = try list.pem
            }
            let pair = try TLSPair(server: strict, client: client, resuming: session).settle()
            #expect(pair.server.isResumed == (refusal == nil))
            #expect(pair.serverFailure?.code == refusal)
        }
    }

    @Test(arguments: TLSVersion.allCases)
    func `a session of another scope, policy or trust is not resumed`(version: TLSVersion) throws {
        let client = try client(fixture.issueClient())
        let session = try session(server(version, first) { $0.resumptionScope = "ttls" }, client, [1])
        let other = try CertificateAuthority.create(name: "Other", validity: fixture.valid)
        let changes: [(inout TLSSettings) throws -> Void] = [
            { $0.resumptionScope = "tls" },
            { ($0.resumptionScope, $0.peerCertificate) = ("ttls", .required) },
            { ($0.resumptionScope, $0.trustAnchors) = ("ttls", $0.trustAnchors + (try other.certificate.pem)) },
        ]
        for change in changes {
            let pair = try TLSPair(server: server(version, first, change), client: client, resuming: session).settle()
            #expect(pair.isEstablished && !pair.server.isResumed)
        }
        let same = try server(version, first) { $0.resumptionScope = "ttls" }
        #expect(try TLSPair(server: same, client: client, resuming: session).settle().server.isResumed)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a server may decline what a ticket seals`(version: TLSVersion) throws {
        let client = try client()
        let server = try server(version, first)
        let session = try session(server, client, Array("revoked".utf8))
        let pair = try TLSPair(server: server, client: client, resuming: session)
        var asked: [[UInt8]] = []
        pair.server.acceptsTicketData = { data in
            asked.append(data)
            return false
        }
        pair.settle()
        #expect(pair.isEstablished && !pair.server.isResumed && pair.server.resumedTicketData == nil)
        #expect(asked == [Array("revoked".utf8)])
    }

    @Test(arguments: TLSVersion.allCases)
    func `without keys there is no ticket and no resumption`(version: TLSVersion) throws {
        let client = try client()
        let pair = try TLSPair(server: server(version, nil), client: client).settle()
        #expect(pair.isEstablished && pair.client.resumable == nil)
        #expect(throws: TLSFailure(.notSupported)) { try pair.server.issueTicket() }
        #expect(throws: TLSFailure(.notSupported)) { try pair.server.setTicketData([1]) }
        let session = try session(server(version, first), client, [1])
        let later = try TLSPair(server: server(version, nil), client: client, resuming: session).settle()
        #expect(later.isEstablished && !later.server.isResumed)
    }

    @Test(arguments: TLSVersion.allCases)
    func `no ticket is sent before it is known what it authorizes`(version: TLSVersion) throws {
        let pair = try TLSPair(server: server(version, first), client: client()).settle()
        #expect(pair.isEstablished && pair.client.resumable == nil && pair.server.pendingOutput == 0)
        if version == .tls12 {
            #expect(throws: TLSFailure(.notSupported)) { try pair.server.issueTicket() }
        }
    }

    @Test func `a ticket and the commitment that follows it are one flight (RFC 9190 §2.1.1)`() throws {
        let client = try client()
        let pair = try TLSPair(server: server(.tls13, first), client: client).settle()
        try pair.server.setTicketData([5])
        try pair.server.issueTicket()
        try pair.server.write([0])
        try pair.client.receive(pair.server.takeOutput())
        #expect(try pair.client.read() == [0])
        let session = try #require(pair.client.resumable)
        let resumed = try TLSPair(server: server(.tls13, first), client: client, resuming: session).settle()
        #expect(resumed.server.resumedTicketData == [5])
    }

    @Test func `the ticket of TLS 1.2 seals a handle that is refused until it stands for something`() throws {
        let (client, server) = (try client(), try server(.tls12, first))
        let handle = SecureRandom.bytes(16)
        let session = try session(server, client, handle)
        var authorized: Set<[UInt8]> = []
        for isAuthorized in [false, true] {
            if isAuthorized { authorized.insert(handle) }
            let pair = try TLSPair(server: server, client: client, resuming: session)
            pair.server.acceptsTicketData = { authorized.contains($0) }
            pair.settle()
            #expect(pair.isEstablished && pair.server.isResumed == isAuthorized)
        }
    }

    @Test func `ticket data may have 256 octets and not 257`() throws {
        let session = try TLSSession(server(.tls13, first))
        try session.setTicketData([UInt8](repeating: 1, count: 256))
        #expect(throws: TLSFailure(.outputTooLarge)) {
            try session.setTicketData([UInt8](repeating: 1, count: 257))
        }
        #expect(throws: TLSFailure(.notEstablished)) { try session.issueTicket() }
    }

    @Test(arguments: TLSVersion.allCases)
    func `an altered ticket means a full handshake, and an unreadable session is ignored`(
        version: TLSVersion
    ) throws {
        let client = try client()
        let server = try server(version, first)
        let session = try session(server, client, [1])
        #expect(try TLSPair(server: server, client: client, resuming: [1, 2, 3]).settle().isEstablished)
        #expect(try TLSPair(server: server, client: client, resuming: []).settle().isEstablished)
        // The name of the key stands at the start of the ticket, inside the client's session.
        let name = try #require(session.firstRange(of: first.current.prefix(16)))
        for offset in [0, 15, 16, 40, 70] {
            var altered = session
            altered[name.lowerBound + offset] ^= 1
            let pair = try TLSPair(server: server, client: client, resuming: altered).settle()
            #expect(pair.isEstablished && !pair.server.isResumed)
        }
    }

    @Test func `keys of other lengths and lifetimes out of range are refused`() throws {
        let key = first.current
        let wrong = [
            TLSTicketKeys(current: Array(key.dropLast()), lifetimeSeconds: 1),
            TLSTicketKeys(current: key + [0], lifetimeSeconds: 1),
            TLSTicketKeys(current: key, previous: [], lifetimeSeconds: 1),
            TLSTicketKeys(current: key, lifetimeSeconds: 0),
            TLSTicketKeys(current: key, lifetimeSeconds: 604_801),
        ]
        for keys in wrong {
            #expect(throws: OpenSSLError(.settingInvalid, "")) { try server(.tls13, keys) }
        }
        _ = try server(.tls13, TLSTicketKeys(current: key, previous: key, lifetimeSeconds: 604_800))
    }
}
