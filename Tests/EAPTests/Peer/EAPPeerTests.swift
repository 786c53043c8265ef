import OpenSSL
import Testing

@testable import EAP

/// What a peer believes, and what it does not.
@Suite struct EAPPeerTests {
    let world: EAPWorld
    private let random: @Sendable (Int) -> [UInt8] = { [UInt8](repeating: 6, count: $0) }

    init() throws { world = try EAPWorld.shared.get() }

    private func response(_ action: EAPPeerAction) throws -> EAPPacket {
        guard case .send(let octets) = action else { throw EAPError(.unexpectedPacket) }
        return try EAPPacket(decoding: octets)
    }

    private func request(_ identifier: UInt8, _ method: EAPMethod, _ data: [UInt8]) -> [UInt8] {
        EAPPacket.request(identifier: identifier, method, data: data).encoded()
    }

    @Test func `answers Identity, Notification and methods it was not told to use (RFC 3748 §5)`() throws {
        let peer = EAPPeer(try world.peer(.ttlsPAP))
        #expect(
            try response(peer.receive(request(4, .identity, [])))
                == .response(identifier: 4, .identity, data: Array("anonymous@college-x.fr".utf8)))
        #expect(
            try response(peer.receive(request(5, .notification, Array("hello".utf8))))
                == .response(identifier: 5, .notification, data: []))
        #expect(
            try response(peer.receive(request(6, .peap, [0x20]))) == .response(identifier: 6, .nak, data: [21]))
        #expect(throws: EAPError(.unexpectedPacket)) { try peer.receive([2, 1, 0, 5, 1]) }
    }

    @Test func `a Failure ends it at any time`() throws {
        let peer = EAPPeer(try world.peer(.ttlsPAP))
        guard case .failure(.refused) = try peer.receive([4, 0, 0, 4]) else {
            Issue.record("not over")
            return
        }
        #expect(throws: EAPError(.finished)) { try peer.receive(request(1, .identity, [])) }
    }

    @Test func `once the method has begun no other is taken`() throws {
        let peer = EAPPeer(try world.peer(.ttlsPAP))
        _ = try peer.receive(request(1, .ttls, [0x20]))
        #expect(throws: EAPError(.unexpectedPacket)) { try peer.receive(request(2, .peap, [0x20])) }
        #expect(throws: EAPError(.unexpectedPacket)) { try peer.receive(request(2, .ttls, [0x20])) }
    }

    @Test func `a server that does not know the password cannot prove itself by EAP-MSCHAPv2 (RFC 2759 §5)`() throws {
        var peer = InnerEAPPeer(.mschapv2, settings: try world.peer(.peap(.mschapv2)), random: random)
        let challenge = MSCHAPv2Packet.challenge(identifier: 1, challenge: Array(0..<16), name: "s").encoded()
        let lie = MSCHAPv2Packet.success(identifier: 1, message: "S=" + String(repeating: "0", count: 40)).encoded()
        #expect(throws: EAPError(.mschapMalformed)) { try peer.receive(.mschapv2, lie) }
        _ = try peer.receive(.mschapv2, challenge)
        #expect(throws: EAPError(.mschapMalformed)) { try peer.receive(.mschapv2, lie) }
        #expect(!peer.isDone)
    }

    @Test func `a server that does not know the password cannot prove itself inside TTLS (RFC 5281 §11.2.4)`() throws {
        var peer = TTLSPeer(
            settings: try world.peer(.ttlsMSCHAPv2), eap: nil, challenge: Array(0..<17), random: random)
        _ = try peer.begin()
        let lie = AVP(.mschap2Success, [16] + Array(("S=" + String(repeating: "0", count: 40)).utf8)).encoded()
        #expect(throws: EAPError(.mschapMalformed)) { try peer.receive(lie) }
        #expect(!peer.isDone)
    }

    @Test func `a Result of success before the inner method is done is answered with failure`() throws {
        let inner = InnerEAPPeer(.mschapv2, settings: try world.peer(.peap(.mschapv2)), random: random)
        let success = PEAPInnerPacket.result(isSuccess: true).encoded(code: .request, identifier: 1)
        for (isResumed, isGood) in [(false, false), (true, true)] {
            var peer = PEAPPeer(inner, isResumed: isResumed)
            let answer = try PEAPInnerPacket(decoding: peer.receive(success), code: .response)
            #expect(answer == .result(isSuccess: isGood))
            #expect(peer.isDone == isGood && peer.isRefused != isGood)
        }
    }
}
