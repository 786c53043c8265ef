import OpenSSL
import Testing

/// After the handshake: octets, limits, ends.
@Suite struct TLSStreamTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture.shared.get() }

    private func pair(_ version: TLSVersion) throws -> TLSPair {
        try TLSPair(server: fixture.server(version...version), client: fixture.client()).settle()
    }

    @Test(arguments: TLSVersion.allCases)
    func `more than a record comes out whole, in pieces as small as asked for`(version: TLSVersion) throws {
        let pair = try pair(version)
        let sent = SecureRandom.bytes(50_000)
        #expect(try pair.toServer(sent) == sent)
        try pair.server.write(sent)
        var received: [UInt8] = []
        var idle = false
        while !idle {
            let wire = pair.server.takeOutput(1000)
            #expect(wire.count <= 1000)
            try pair.client.receive(wire)
            let plain = try pair.client.read(upTo: 300)
            #expect(plain.count <= 300)
            received += plain
            idle = wire.isEmpty && plain.isEmpty
        }
        #expect(received == sent)
    }

    @Test(arguments: TLSVersion.allCases)
    func `nothing is read from half a record`(version: TLSVersion) throws {
        let pair = try pair(version)
        try pair.client.write([1, 2, 3])
        let wire = pair.client.takeOutput()
        try pair.server.receive(wire.dropLast())
        #expect(try pair.server.read() == [])
        try pair.server.receive(wire.suffix(1))
        #expect(try pair.server.read(upTo: 2) == [1, 2])
        #expect(try pair.server.read(upTo: 0) == [3])
        #expect(try pair.server.read() == [])
    }

    @Test(arguments: TLSVersion.allCases)
    func `an altered record ends the session with bad_record_mac`(version: TLSVersion) throws {
        let pair = try pair(version)
        try pair.client.write([1, 2, 3])
        var wire = pair.client.takeOutput()
        wire[wire.count - 1] ^= 1
        try pair.server.receive(wire)
        #expect(throws: TLSFailure(.protocolViolation)) { try pair.server.read() }
        #expect(pair.server.failure?.alert?.number == 20)
        try pair.client.receive(pair.server.takeOutput())
        #expect(throws: TLSFailure(.alertReceived)) { try pair.client.read() }
        #expect(pair.client.failure?.alert?.number == 20)
    }

    @Test func `what was read before a fault is given out before it`() throws {
        let pair = try pair(.tls13)
        try pair.client.write([1, 2, 3])
        try pair.server.receive(pair.client.takeOutput() + [23, 3, 3, 0, 32] + [UInt8](repeating: 0, count: 32))
        #expect(try pair.server.read() == [1, 2, 3])
        #expect(throws: TLSFailure(.protocolViolation)) { try pair.server.read() }
    }

    @Test(arguments: TLSVersion.allCases)
    func `an orderly end reaches the other end after what was sent`(version: TLSVersion) throws {
        let pair = try pair(version)
        try pair.client.write([9])
        pair.client.close()
        #expect(pair.client.state == .closed && pair.client.failure == nil)
        try pair.server.receive(pair.client.takeOutput())
        #expect(try pair.server.read() == [9])
        #expect(try pair.server.read() == [])
        #expect(pair.server.state == .closed && pair.server.failure == nil)
        #expect(pair.server.pendingOutput > 0)
        #expect(throws: TLSFailure(.closed)) { try pair.server.write([1]) }
        #expect(throws: TLSFailure(.closed)) { try pair.server.receive([1]) }
        #expect(throws: TLSFailure(.closed)) { try pair.server.handshake() }
        #expect(throws: TLSFailure(.notEstablished)) {
            try pair.server.exportKeyingMaterial(label: "EXPORTER-test", length: 1)
        }
    }

    @Test func `before the handshake nothing is read or written`() throws {
        let session = try TLSSession(TLSContext(fixture.server()))
        #expect(throws: TLSFailure(.notEstablished)) { try session.write([1]) }
        #expect(throws: TLSFailure(.notEstablished)) { try session.read() }
        #expect(session.state == .handshaking && session.failure == nil)
        #expect(session.peerCertificates.isEmpty && session.cipherSuite == nil && !session.isResumed)
        session.close()
        #expect(session.state == .closed)
    }

    @Test func `what waits to be taken is bounded, and taking it makes room`() throws {
        let pair = try pair(.tls13)
        let block = [UInt8](repeating: 7, count: 65_536)
        try pair.server.write(block)
        #expect(throws: TLSFailure(.outputTooLarge)) { try pair.server.write(block) }
        #expect(throws: TLSFailure(.outputTooLarge)) {
            try pair.server.write([UInt8](repeating: 7, count: TLSSession.longestBacklog + 1))
        }
        try pair.client.receive(pair.server.takeOutput())
        try pair.server.write(block)
        #expect(try pair.client.read(upTo: .max) == block)
    }

    @Test func `what waits to be read is bounded`() throws {
        let pair = try pair(.tls13)
        // A header of a record that never gets complete, and then more and more.
        let limit = TLSSession.longestBacklog
        try pair.server.receive([UInt8](repeating: 23, count: limit))
        #expect(throws: TLSFailure(.inputTooLarge)) { try pair.server.receive([1]) }
        #expect(pair.server.state == .closed)
    }
}
