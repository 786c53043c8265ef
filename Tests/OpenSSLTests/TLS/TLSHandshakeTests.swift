import OpenSSL
import Testing

@Suite struct TLSHandshakeTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture.shared.get() }

    @Test(arguments: TLSVersion.allCases)
    func `both ends agree on one version and carry octets both ways`(version: TLSVersion) throws {
        let pair = try TLSPair(
            server: fixture.server(),
            client: fixture.client(version...version).with { $0.verifyName = TLSFixture.serverName })
        #expect(pair.server.state == .handshaking && pair.server.version == nil)
        pair.run()
        #expect(pair.isEstablished && pair.serverFailure == nil && pair.clientFailure == nil)
        #expect(pair.server.version == version && pair.client.version == version)
        #expect(pair.server.cipherSuite == pair.client.cipherSuite && pair.server.cipherSuite != nil)
        #expect(!pair.server.isResumed && !pair.client.isResumed)
        #expect(try pair.toServer(Array("request".utf8)) == Array("request".utf8))
        #expect(try pair.toClient(Array("answer".utf8)) == Array("answer".utf8))
        #expect(pair.server.peerCertificates.isEmpty)
        #expect(pair.client.peerCertificates.first?.alternativeNames == [.dns(TLSFixture.serverName)])
        #expect(pair.client.peerCertificates.last == fixture.authority.certificate)
        #expect(pair.client.peerCertificates.count == 2)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a handshake delivered an octet at a time is the same handshake`(version: TLSVersion) throws {
        let pair = try TLSPair(server: fixture.server(version...version), client: fixture.client())
        pair.run(piece: 1)
        #expect(pair.isEstablished)
        #expect(try pair.toServer([1, 2, 3]) == [1, 2, 3])
    }

    @Test(arguments: TLSVersion.allCases)
    func `keying material is equal on both ends, and depends on label and context (RFC 5705)`(
        version: TLSVersion
    ) throws {
        let pair = try TLSPair(server: fixture.server(version...version), client: fixture.client())
        #expect(throws: TLSFailure(.notEstablished)) {
            try pair.server.exportKeyingMaterial(label: "EXPORTER-test", length: 64)
        }
        pair.run()
        var materials: [[UInt8]] = []
        for context: [UInt8]? in [nil, [13], [21]] {
            let ours = try pair.server.exportKeyingMaterial(label: "EXPORTER-test", context: context, length: 128)
            #expect(try ours == pair.client.exportKeyingMaterial(label: "EXPORTER-test", context: context, length: 128))
            #expect(ours.count == 128)
            materials.append(ours)
        }
        materials.append(try pair.server.exportKeyingMaterial(label: "EXPORTER-other", length: 128))
        #expect(Set(materials).count == 4)
        #expect(try pair.server.exportKeyingMaterial(label: "EXPORTER-test", length: 1024).count == 1024)
        for length in [-1, 0, 1025] {
            #expect(throws: TLSFailure(.outputTooLarge)) {
                try pair.server.exportKeyingMaterial(label: "EXPORTER-test", length: length)
            }
        }
    }
}
