import OpenSSL
import Testing

@testable import EAP

/// The rules of the outer conversation.
@Suite struct ConversationTests {
    let world: EAPWorld

    init() throws { world = try EAPWorld.shared.get() }

    private func conversation(_ methods: [EAPServerMethod] = EAPServerMethod.allCases) throws -> EAPConversation {
        EAPConversation(try world.server(methods)) { [UInt8](repeating: 9, count: $0) }
    }

    private func request(_ action: EAPAction) throws -> EAPPacket {
        guard case .send(let octets) = action else { throw EAPError(.unexpectedPacket) }
        return try EAPPacket(decoding: octets)
    }

    private func failure(_ action: EAPAction) -> (EAPFailureReason, [UInt8])? {
        guard case .finished(.failure(let reason, let packet)) = action else { return nil }
        return (reason, packet)
    }

    private func response(_ identifier: UInt8, _ method: EAPMethod, _ data: [UInt8]) -> [UInt8] {
        EAPPacket.response(identifier: identifier, method, data: data).encoded()
    }

    @Test func `asks for the identity, and proposes its first method to whoever says it (RFC 3748 §5.1)`() throws {
        let conversation = try conversation()
        #expect(conversation.requestIdentity() == [1, 9, 0, 5, 1])
        let first = try request(conversation.receive(response(9, .identity, Array("anne@Example.FR".utf8))))
        #expect(first == .request(identifier: 10, .ttls, data: [0x20]))
        #expect(conversation.identity?.realm == "example.fr")
    }

    @Test func `a Nak picks the first of our methods that the peer lists (RFC 3748 §5.3)`() throws {
        let conversation = try conversation()
        _ = try conversation.receive(response(0, .identity, []))
        let next = try request(conversation.receive(response(1, .nak, [43, 13, 25])))
        #expect(next == .request(identifier: 2, .peap, data: [0x20]))
    }

    @Test(arguments: [[0], [21], [43], [43, 4]] as [[UInt8]])
    func `a Nak with nothing in common ends in a Failure`(list: [UInt8]) throws {
        let conversation = try conversation()
        _ = try conversation.receive(response(7, .identity, []))
        let end = failure(try conversation.receive(response(8, .nak, list)))
        #expect(end?.0 == .noCommonMethod && end?.1 == [4, 8, 0, 4])
        #expect(throws: EAPError(.finished)) { try conversation.receive(response(8, .nak, [13])) }
    }

    @Test func `every peer finds its method by Nak`() throws {
        for methods in [[EAPServerMethod.tls, .peap, .ttls], [.peap, .ttls, .tls]] {
            let server = try world.server(methods)
            for method in [EAPPeerMethod.ttlsPAP, .peap(.mschapv2), .tls] {
                #expect(try Login(server, world.peer(method)).success?.method == method.outer)
            }
        }
    }

    @Test func `a packet that may not come is discarded and changes nothing (RFC 3748 §4.1)`() throws {
        let conversation = try conversation()
        let wrong: [([UInt8], EAPError.Code)] = [
            (response(1, .ttls, [0]), .unexpectedPacket), (response(1, .identity, [0]), .identityMalformed),
            ([1, 1, 0, 5, 1], .unexpectedPacket), ([3, 1, 0, 4], .unexpectedPacket), ([2], .packetTooShort),
        ]
        for (octets, code) in wrong {
            #expect(throws: EAPError(code)) { try conversation.receive(octets) }
        }
        _ = try conversation.receive(response(1, .identity, []))
        let later: [([UInt8], EAPError.Code)] = [
            (response(1, .nak, [25]), .identifierMismatch), (response(3, .nak, [25]), .identifierMismatch),
            (response(2, .nak, []), .nakMalformed), (response(2, .peap, [0]), .unexpectedPacket),
            (response(2, .ttls, []), .fragmentTruncated), (response(2, .ttls, [0]), .unexpectedPacket),
        ]
        for (octets, code) in later {
            #expect(throws: EAPError(code)) { try conversation.receive(octets) }
        }
        #expect(try request(conversation.receive(response(2, .nak, [25]))).identifier == 3)
        #expect(conversation.rounds == 2)
    }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `a retransmitted response gets the same request, octet for octet`(
        method: EAPPeerMethod, version: TLSVersion
    ) throws {
        let conversation = EAPConversation(try world.server(), packetSize: 300)
        let peer = EAPPeer(try world.peer(method, version), packetSize: 300)
        var message = peer.identityResponse()
        var repeated = 0
        while true {
            var action = try conversation.receive(message)
            switch action {
            case .verify, .resumed:
                #expect(throws: EAPError(.answerPending)) { try conversation.receive(message) }
                action = try conversation.answer(Login.accounts(action))
            case .send, .finished: break
            }
            if case .finished(.success) = action { break }
            guard case .send(let request) = action, case .send(let copy) = try conversation.receive(message),
                case .send(let next) = try peer.receive(request), case .send(let twice) = try peer.receive(request)
            else {
                Issue.record("the conversation ended early")
                return
            }
            #expect(copy == request && twice == next)
            (message, repeated) = (next, repeated + 1)
        }
        #expect(repeated == conversation.rounds && repeated > 3)
    }

    @Test func `an answer that was not asked for changes nothing`() throws {
        let conversation = try conversation()
        #expect(throws: EAPError(.nothingToAnswer)) {
            try conversation.answer(.accept(cachedAuthorization: nil))
        }
        _ = try conversation.receive(response(1, .identity, []))
        #expect(throws: EAPError(.nothingToAnswer)) { try conversation.answer(.reject) }
    }

    @Test func `50 exchanges are answered and the 51st ends in a Failure`() throws {
        let conversation = try conversation()
        var identifier = try request(conversation.receive(response(1, .identity, []))).identifier
        for round in 1..<EAPLimits.maximumRounds {
            let wish: UInt8 = round.isMultiple(of: 2) ? 21 : 25
            identifier = try request(conversation.receive(response(identifier, .nak, [wish]))).identifier
        }
        #expect(conversation.rounds == 50)
        let end = failure(try conversation.receive(response(identifier, .nak, [21])))
        #expect(end?.0 == .tooManyRounds)
    }

    @Test func `a peer ignores a Success that comes too early (RFC 3748 §7.16)`() throws {
        let peer = EAPPeer(try world.peer(.ttlsPAP))
        #expect(throws: EAPError(.unexpectedPacket)) { try peer.receive([3, 1, 0, 4]) }
        _ = try peer.receive([1, 1, 0, 6, 21, 0x20])
        #expect(throws: EAPError(.unexpectedPacket)) { try peer.receive([3, 1, 0, 4]) }
    }
}
