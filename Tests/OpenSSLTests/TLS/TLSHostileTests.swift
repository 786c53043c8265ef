import OpenSSL
import Testing

/// A peer that means harm: whatever it sends, the server fails or waits, within its bounds.
@Suite struct TLSHostileTests {
    private let fixture: TLSFixture
    private let server: TLSContext
    private let client: TLSContext

    init() throws {
        let fixture = try TLSFixture.shared.get()
        self.fixture = fixture
        let certificate = try fixture.issueClient()
        server = try TLSContext(
            fixture.server().with {
                $0.peerCertificate = .required
                $0.applicationProtocols = ["radius/1.1"]
                $0.resumption = TLSTicketKeys(current: SecureRandom.bytes(80), lifetimeSeconds: 60)
            })
        client = try TLSContext(fixture.client().with { try $0.show(certificate, fixture.clientKey) })
    }

    @Test func `octets that are no TLS are refused`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let session = try TLSSession(server)
            let garbage = SecureRandom.bytes(Int.random(in: 5...200, using: &random))
            #expect(throws: TLSFailure.self) {
                try session.receive(garbage)
                // Fewer octets than the record claims: the rest, until a record is whole.
                for _ in 0..<3 { try session.receive([UInt8](repeating: 0, count: 16_640)) }
                Issue.record("accepted \(garbage)")
            }
            #expect(session.state == .closed && session.pendingOutput < 100)
        }
    }

    @Test func `a hello cut anywhere waits for the rest`() throws {
        let client = try TLSSession(client)
        try client.handshake()
        let hello = client.takeOutput()
        for length in 0..<hello.count {
            let session = try TLSSession(server)
            try session.receive(hello.prefix(length))
            #expect(session.state == .handshaking && session.pendingOutput == 0)
        }
        let session = try TLSSession(server)
        try session.receive(hello)
        #expect(session.pendingOutput > 0)
    }

    @Test func `a handshake may have 65 536 octets and not one more`() throws {
        // A record of a handshake message that announces 131 071 octets: the rest never comes.
        let header: [UInt8] = [1, 1, 255, 255]
        let record: [UInt8] = [22, 3, 1, 0x40, 0x00] + header + [UInt8](repeating: 0, count: 16_380)
        let session = try TLSSession(server)
        #expect(throws: TLSFailure.self) {
            for _ in 0..<5 { try session.receive(record) }
        }
        #expect(session.state == .closed)

        let slow = try TLSSession(server)
        try slow.receive([22, 3, 1, 0x40])
        #expect(throws: TLSFailure(.inputTooLarge)) {
            try slow.receive([UInt8](repeating: 0, count: TLSSession.longestHandshake - 3))
        }
        #expect(throws: TLSFailure(.inputTooLarge)) {
            try TLSSession(server).receive([UInt8](repeating: 0, count: 1_000_000))
        }
    }

    @Test func `a chain of certificates longer than 32 768 octets is refused`() throws {
        let certificate = try fixture.issueClient()
        let filler = try fixture.authority.certificate.pem
        let long = try TLSContext(
            fixture.client().with {
                try $0.show(certificate, fixture.clientKey)
                for _ in 0..<99 { $0.certificateChain += filler }
            })
        #expect(filler.count * 99 * 3 / 4 > TLSContext.longestChain)
        for version in TLSVersion.allCases {
            let server = try TLSContext(fixture.server(version...version).with { $0.peerCertificate = .required })
            let pair = try TLSPair(server: server, client: long).settle()
            #expect(pair.server.state == .closed && pair.serverFailure != nil)
        }
    }

    /// A generator with a seed: a run that fails can be run again.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static func mutate(_ wire: inout [UInt8], _ random: inout Seeded) {
        guard !wire.isEmpty else { return }
        let place = Int.random(in: wire.indices, using: &random)
        switch UInt8.random(in: 0..<5, using: &random) {
        case 0: wire[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: wire[place] = .random(in: 0...255, using: &random)
        case 2: wire.removeSubrange(place..<min(place + Int.random(in: 1...20, using: &random), wire.count))
        case 3: wire.insert(contentsOf: [UInt8](repeating: wire[place], count: 7), at: place)
        default: wire.append(contentsOf: wire[place...].prefix(600))
        }
    }

    /// One of eight parts, of either version: two with certificates on both ends, six of a client that checks nothing,
    /// which is much cheaper.
    @Test(arguments: 0..<8)
    func `of 10 000 handshakes altered on the way none traps, and none is established unnoticed`(part: Int) throws {
        var random = Seeded(state: UInt64(part) &+ 77)
        let version: TLSVersion = part.isMultiple(of: 2) ? .tls13 : .tls12
        let (server, narrow) = try ends(version, isMutual: part < 2)
        let resumable = try resumable(server, narrow)
        var refused = 0
        for round in 0..<1250 {
            let pair = try TLSPair(
                server: server, client: narrow, resuming: round.isMultiple(of: 5) ? resumable : nil)
            var flight = Int.random(in: 0..<4, using: &random)
            pair.settle { wire in
                if flight == 0 { Self.mutate(&wire, &random) }
                flight -= 1
            }
            if pair.serverFailure != nil || pair.clientFailure != nil { refused += 1 }
            #expect(pair.server.pendingOutput < 100)
            guard pair.isEstablished, pair.serverFailure == nil, pair.clientFailure == nil else { continue }
            // What both accepted in spite of it changed nothing that they rely on.
            #expect(
                try pair.server.exportKeyingMaterial(label: "EXPORTER-test", length: 32)
                    == pair.client.exportKeyingMaterial(label: "EXPORTER-test", length: 32))
        }
        #expect(refused > 600)
    }

    private func ends(_ version: TLSVersion, isMutual: Bool) throws -> (TLSContext, TLSContext) {
        let certificate = try fixture.issueClient()
        let server = try fixture.server().with {
            $0.peerCertificate = isMutual ? .required : .none
            $0.resumption = TLSTicketKeys(current: SecureRandom.bytes(80), lifetimeSeconds: 60)
        }
        let client = try fixture.client(version...version).with {
            $0.peerCertificate = isMutual ? .required : .none
            if isMutual { try $0.show(certificate, fixture.clientKey) }
        }
        return (try TLSContext(server), try TLSContext(client))
    }

    private func resumable(_ server: TLSContext, _ client: TLSContext) throws -> [UInt8] {
        let pair = try TLSPair(server: server, client: client)
        try pair.server.setTicketData([1])
        pair.settle()
        return try #require(try pair.ticket([1]))
    }
}
