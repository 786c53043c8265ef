import OpenSSL
import RADIUS
import Testing

/// Microsoft's attributes (RFC 2548).
@Suite struct MicrosoftTests {
    private let secret: SharedSecret
    private let request: SignedRequest

    init() throws {
        secret = try SharedSecret(Array("xyzzy5461".utf8))
        request = try secret.accessRequest(identifier: 9, attributes: [])
    }

    private func response(_ attributes: [Attribute]) throws -> MSCHAPResponse? {
        try Packet(.accessRequest, identifier: 1, attributes: attributes).encoded().withPacketView {
            view throws(RADIUSError) in try MSCHAPResponse(view)
        }
    }

    private func outcome(_ type: UInt8, _ text: String) throws -> MSCHAPOutcome? {
        let attribute = Attribute(vendor: 311, type: type, [7] + Array(text.utf8))
        return try Packet(.accessReject, identifier: 1, attributes: [attribute]).encoded().withPacketView {
            MSCHAPOutcome($0)
        }
    }

    private func keys(_ reply: [UInt8], _ secret: SharedSecret) throws -> MPPEKeyPair? {
        try reply.withPacketView { view throws(RADIUSError) in
            try MPPEKeyPair(view, secret: secret, authenticator: request.sent.authenticator)
        }
    }

    @Test func `an MSK's halves reach the access point, the first to receive with`() throws {
        let key = (0..<64).map(UInt8.init)
        let halves = try #require(MPPEKeyPair(masterSessionKey: key))
        #expect(halves.receive == Array(0..<32) && halves.send == Array(32..<64))
        #expect(MPPEKeyPair(masterSessionKey: Array(key.dropLast())) == nil)
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
            $0.append(halves, secret: secret)
        }
        #expect(try keys(reply, secret) == halves)
        let values = try Packet(reply).all(.vendorSpecific).map(\.value)
        #expect(values.map(\.count) == [56, 56])
        #expect(values[0][6...7] != values[1][6...7])
    }

    @Test func `one key alone is none, and another secret's are others or refused`() throws {
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
            $0.append(vendor: 311, type: 16, salted: [1], secret: secret)
        }
        #expect(try keys(reply, secret) == nil)
        let both = MPPEKeyPair(send: [1], receive: [2])
        let whole = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
            $0.append(both, secret: secret)
        }
        #expect((try? keys(whole, SharedSecret([1]))) != both)
    }

    @Test func `both versions of a response are read as they were written`() throws {
        let nt = [UInt8](repeating: 5, count: 24)
        let first = MSCHAPResponse.version1(
            identifier: 3, challenge: [UInt8](repeating: 1, count: 8), response: nt)
        let second = MSCHAPResponse.version2(
            identifier: 3, challenge: [UInt8](repeating: 1, count: 16),
            peerChallenge: [UInt8](repeating: 2, count: 16), response: nt)
        #expect(try response(first.attributes) == first)
        #expect(try response(second.attributes) == second)
        #expect(try response([first.attributes[1]] + second.attributes) == second)
        #expect(try response([]) == nil)
        #expect(MSCHAPResponse.version1(identifier: 1, challenge: [], response: [1]).attributes.isEmpty)
    }

    @Test(arguments: [UInt8(1), 25])
    func `a response of 49 or 51 octets and a challenge of a wrong length are refused`(type: UInt8) throws {
        let size = type == 25 ? 16 : 8
        let challenge = Attribute(vendor: 311, type: 11, [UInt8](repeating: 1, count: size))
        for count in [0, 49, 51] {
            #expect(throws: RADIUSError(.msCHAPResponseLength)) {
                try response([challenge, Attribute(vendor: 311, type: type, [UInt8](repeating: 1, count: count))])
            }
        }
        let whole = Attribute(vendor: 311, type: type, [UInt8](repeating: 1, count: 50))
        _ = try response([challenge, whole])
        for count in [size - 1, size + 1] {
            #expect(throws: RADIUSError(.msCHAPChallengeLength)) {
                try response([Attribute(vendor: 311, type: 11, [UInt8](repeating: 1, count: count)), whole])
            }
        }
        #expect(throws: RADIUSError(.msCHAPChallengeLength)) { try response([whole]) }
    }

    @Test func `a version 1 response with the LM half alone is refused`() throws {
        let challenge = Attribute(vendor: 311, type: 11, [UInt8](repeating: 1, count: 8))
        let value = [1, 0] + [UInt8](repeating: 1, count: 48)
        #expect(throws: RADIUSError(.msCHAPResponseLength)) {
            try response([challenge, Attribute(vendor: 311, type: 1, value)])
        }
    }

    @Test func `outcomes are read as they were written`() throws {
        let digest = (0..<20).map { UInt8($0 * 13) }
        let outcomes: [MSCHAPOutcome] = [
            .success(identifier: 7, authenticatorResponse: digest),
            .failure(
                identifier: 7, .authenticationFailure, mayRetry: true,
                challenge: [UInt8](repeating: 0xab, count: 16), message: "Essayez encore"),
            .failure(identifier: 7, .accountDisabled, mayRetry: false, challenge: [], message: ""),
        ]
        for outcome in outcomes {
            let reply = try PacketBuffer.reply(.accessReject, to: request.bytes, secret: secret) {
                $0.append(outcome)
            }
            #expect(try reply.withPacketView { MSCHAPOutcome($0) } == outcome)
        }
    }

    @Test func `a success says S= and forty capital digits (RFC 2759 §5)`() throws {
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
            $0.append(.success(identifier: 1, authenticatorResponse: [UInt8](repeating: 0xab, count: 20)))
        }
        let value = try #require(try Packet(reply).first(.vendorSpecific)).value
        #expect(value.count == 6 + 43)
        #expect(String(decoding: value.dropFirst(7), as: UTF8.self) == "S=" + String(repeating: "AB", count: 20))
    }

    @Test(arguments: ["S=0", "E", "", "E=x R=1", "R=1", "E=+691", "S=zz"])
    func `an outcome that cannot be read is none`(text: String) throws {
        #expect(try outcome(2, text) == nil)
        #expect(try outcome(26, text) == nil)
    }

    @Test func `a failure's code is enough`() throws {
        let bare = MSCHAPOutcome.failure(
            identifier: 7, .restrictedLogonHours, mayRetry: false, challenge: [], message: "")
        #expect(try outcome(2, "E=646") == bare)
        #expect(try outcome(2, "E=646 R=0 V=3") == bare)
    }
}
