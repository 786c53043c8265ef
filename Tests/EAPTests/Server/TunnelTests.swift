import OpenSSL
import Testing

@testable import EAP

/// What happens after the handshake, with a peer that keeps to no script.
@Suite struct TunnelTests {
    let world: EAPWorld
    private let accept = EAPVerdict.accept(cachedAuthorization: Login.authorization)

    init() throws { world = try EAPWorld.shared.get() }

    private var pap: [UInt8] {
        [AVP(.userName, Array("anne".utf8)), AVP(.userPassword, Array("secret".utf8))].flatMap { $0.encoded() }
    }

    @Test(arguments: [EAPPeerMethod.ttlsPAP, .tls], TLSVersion.allCases)
    func `keys are the exports that the RFCs name`(method: EAPPeerMethod, version: TLSVersion) throws {
        var peer = try RawPeer(world, method, version)
        _ = try peer.shakeHands()
        if method == .ttlsPAP { _ = try peer.say(pap) }
        var action = try peer.answer(accept)
        if action.success == nil { action = try peer.flush() }
        let success = try #require(action.success)
        let (type, label): (UInt8, String) =
            method == .tls ? (13, "client EAP encryption") : (21, "ttls keying material")
        if version == .tls12 {
            // RFC 5216 §2.3, RFC 5281 §8.
            let export = try peer.session.exportKeyingMaterial(label: label, length: 128)
            #expect(success.msk + success.emsk == export)
        } else {
            // RFC 9190 §2.3, RFC 9427 §2.1.
            let export = try peer.session.exportKeyingMaterial(
                label: "EXPORTER_EAP_TLS_Key_Material", context: [type], length: 128)
            let identifier = try peer.session.exportKeyingMaterial(
                label: "EXPORTER_EAP_TLS_Method-Id", context: [type], length: 64)
            #expect(success.msk + success.emsk == export)
            #expect(success.sessionID == [type] + identifier)
        }
    }

    @Test func `EAP-TLS on TLS 1.3 says 0x00 and waits (RFC 9190 §2.5)`() throws {
        var peer = try RawPeer(world, .tls, .tls13)
        guard case .verify = try peer.shakeHands() else {
            Issue.record("no certificate to judge")
            return
        }
        guard case .send = try peer.answer(accept) else {
            Issue.record("no indication")
            return
        }
        #expect(peer.plaintext == [0] && peer.session.resumable != nil)
        #expect(try peer.flush().success != nil)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a peer that closes the tunnel instead is refused`(version: TLSVersion) throws {
        var first = try RawPeer(world, .ttlsPAP, version)
        _ = try first.shakeHands()
        first.session.close()
        #expect(try first.flush().failure == .refusedByPeer)

        var last = try RawPeer(world, .tls, .tls13)
        _ = try last.shakeHands()
        _ = try last.answer(accept)
        last.session.close()
        #expect(try last.flush().failure == .refusedByPeer)
    }

    @Test(arguments: [EAPPeerMethod.ttlsPAP, .peap(.mschapv2)], TLSVersion.allCases)
    func `what cannot be read inside the tunnel ends in a Failure`(method: EAPPeerMethod, version: TLSVersion) throws {
        var peer = try RawPeer(world, method, version)
        _ = try peer.shakeHands()
        #expect(
            try peer.say([0, 1, 2]).failure
                == .malformed(method == .ttlsPAP ? .avpMalformed : .innerPacketInvalid))
    }

    @Test func `records that were altered on the way end in a Failure, after an alert`() throws {
        var peer = try RawPeer(world, .ttlsPAP, .tls13)
        _ = try peer.shakeHands()
        try peer.session.write(pap)
        var records = peer.session.takeOutput()
        records[records.count - 1] ^= 1
        // The alert is for the peer to read.
        #expect(throws: TLSFailure(.alertReceived)) { _ = try peer.send([0] + records) }
        let end = try peer.conversation.receive(
            EAPPacket.response(identifier: peer.identifier, .ttls, data: [0]).encoded())
        #expect(end.failure == .tls(.protocolViolation))
    }

    @Test func `a peer that answers a ticket alone with its credential again comes in`() throws {
        var server = try world.server([.ttls])
        server.sendsTicketAlone = true
        var peer = try RawPeer(world, .ttlsPAP, .tls13, server: server)
        _ = try peer.shakeHands()
        _ = try peer.say(pap)
        guard case .send = try peer.answer(accept) else {
            Issue.record("no ticket")
            return
        }
        #expect(peer.plaintext.isEmpty && peer.session.resumable != nil)
        #expect(try peer.say(pap).success != nil)
    }

    @Test(arguments: [true, false])
    func `a peer that answers PEAP's indication with a Nak gets the Result`(agrees: Bool) throws {
        let server = try world.server([.peap])
        let first = try Login(server, world.peer(.peap(.mschapv2), .tls13))
        var peer = try RawPeer(
            world, .peap(.mschapv2), .tls13, server: server, resuming: first.peerSuccess?.resumable)
        guard case .resumed = try peer.shakeHands() else {
            Issue.record("not resumed")
            return
        }
        _ = try peer.answer(accept)
        #expect(peer.plaintext == [0])
        _ = try peer.say([3, 26])
        #expect(try PEAPInnerPacket(decoding: peer.plaintext, code: .request) == .result(isSuccess: true))
        let result = PEAPInnerPacket.result(isSuccess: agrees).encoded(code: .response, identifier: 1)
        let end = try peer.say(result)
        #expect(agrees ? end.success?.isResumed == true : end.failure == .refusedByPeer)
    }

    @Test func `the tunnel's ticket resumes nothing before the proof, whatever TLS says`() throws {
        let server = try world.server([.ttls])
        var early = try RawPeer(world, .ttlsPAP, .tls13, server: server)
        _ = try early.shakeHands()
        let ticket = try #require(early.session.resumable)
        var thief = try RawPeer(world, .ttlsPAP, .tls13, server: server, resuming: ticket)
        guard case .send = try thief.shakeHands() else {
            Issue.record("asked something")
            return
        }
        #expect(!thief.session.isResumed)
    }
}
