import OpenSSL
import Testing

@testable import EAP

/// The EAP conversation inside a tunnel.
@Suite struct InnerEAPServerTests {
    private func server(_ methods: [EAPInnerMethod] = EAPInnerMethod.allCases) throws -> InnerEAPServer {
        var settings = try EAPWorld.shared.get().server()
        settings.innerMethods = methods
        return InnerEAPServer(settings: settings) { [UInt8](repeating: 4, count: $0) }
    }

    /// The method of the request that a step sends.
    private func request(_ step: InnerEAPServer.Step) -> EAPMethod? {
        guard case .request(let method, _) = step else { return nil }
        return method
    }

    private func refusal(_ step: InnerEAPServer.Step) -> EAPFailureReason? {
        guard case .refused(let reason) = step else { return nil }
        return reason
    }

    private func response(identifier: UInt8 = 4, name: String = "User") -> [UInt8] {
        MSCHAPv2Packet.response(
            identifier: identifier, peerChallenge: Array(0..<16), ntResponse: Array(0..<24), name: name
        ).encoded()
    }

    @Test func `a Nak moves on to the method that both have, once`() throws {
        var server = try server()
        #expect(request(server.begin()) == .identity)
        #expect(try request(server.receive(.identity, [0x61])) == .mschapv2)
        #expect(try request(server.receive(.nak, [6])) == .genericTokenCard)
        #expect(try refusal(server.receive(.nak, [26])) == .noCommonInnerMethod)
    }

    @Test func `a Nak without a common method refuses`() throws {
        var server = try server([.genericTokenCard])
        _ = try server.receive(.identity, [0x61])
        #expect(try refusal(server.receive(.nak, [26])) == .noCommonInnerMethod)
    }

    @Test func `a response to another challenge is no response`() throws {
        for wrong in [response(identifier: 5), response(name: ""), [2], [3]] {
            var server = try server()
            _ = try server.receive(.identity, [0x61])
            #expect(throws: EAPError(.mschapMalformed)) { try server.receive(.mschapv2, wrong) }
        }
    }

    @Test func `the name is the one the proof is bound to, not the announced one`() throws {
        var server = try server()
        _ = try server.receive(.identity, Array("somebody".utf8))
        guard case .verify(.mschapv2(let exchange)) = try server.receive(.mschapv2, response()) else {
            Issue.record("nothing to verify")
            return
        }
        #expect(exchange.user == "User" && server.identity == "User")
    }

    @Test func `a wrong password gets E=691 R=0, and is refused whatever the peer says then (RFC 2759 §6)`() throws {
        var server = try server()
        _ = try server.receive(.identity, [0x61])
        _ = try server.receive(.mschapv2, response())
        let verdict = EAPVerdict.ntHash(try NTHash(password: "x"), cachedAuthorization: nil)
        guard case .request(.mschapv2, let data) = try server.answer(verdict),
            case .failure(4, let message) = try MSCHAPv2Packet(decoding: data)
        else {
            Issue.record("no failure")
            return
        }
        let failure = try #require(MSCHAPv2Failure(text: message))
        #expect(failure.error == 691 && !failure.mayRetry && failure.challenge.count == 16)
        #expect(try refusal(server.receive(.mschapv2, [3])) == .passwordWrong)
        #expect(!server.isProven)
    }

    @Test func `a token has 1 to 256 octets without NUL`() throws {
        for (token, isGood) in [([], false), ([7], true), ([7, 0], false)] as [([UInt8], Bool)] {
            var server = try server([.genericTokenCard])
            _ = try server.receive(.identity, [0x61])
            if isGood {
                guard case .verify(.pap("a", token)) = try server.receive(.genericTokenCard, token) else {
                    Issue.record("nothing to verify")
                    return
                }
            } else {
                #expect(throws: EAPError(.credentialsMalformed)) { try server.receive(.genericTokenCard, token) }
            }
        }
    }

    @Test func `no method may come before its turn`() throws {
        var server = try server()
        #expect(throws: EAPError(.innerPacketInvalid)) { try server.receive(.mschapv2, response()) }
        #expect(throws: EAPError(.nothingToAnswer)) { try server.answer(.accept(cachedAuthorization: nil)) }
        _ = try server.receive(.identity, [0x61])
        #expect(throws: EAPError(.innerPacketInvalid)) { try server.receive(.identity, [0x61]) }
        #expect(throws: EAPError(.innerPacketInvalid)) { try server.receive(.genericTokenCard, [0x61]) }
    }
}
