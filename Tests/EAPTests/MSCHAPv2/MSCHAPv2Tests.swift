import OpenSSL
import Testing

@testable import EAP

/// The values of RFC 2759 §9.2 and RFC 3079 §3.5.3.
@Suite struct MSCHAPv2Tests {
    let authenticatorChallenge = bytes("5B5D7C7D7B3F2F3E3C2C602132262628")
    let peerChallenge = bytes("21402324255E262A28295F2B3A337C7E")
    let response = bytes("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF")

    static func bytes(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }

    private func exchange(user: String = "User", response: [UInt8]? = nil) throws -> MSCHAPv2Exchange {
        try MSCHAPv2Exchange(
            user: user, authenticatorChallenge: authenticatorChallenge, peerChallenge: peerChallenge,
            ntResponse: response ?? self.response, identifier: 1)
    }

    @Test func `computes the hashes of RFC 2759 §9.2`() throws {
        let hash = try NTHash(password: "clientPass")
        #expect(hash.octets == Self.bytes("44EBBA8D5312B8D611474411F56989AE"))
        #expect(try hash.hashed() == Self.bytes("41C00C584BD2D91C4017A2A12FA59F3F"))
        #expect(
            try MSCHAPv2.challengeHash(peer: peerChallenge, authenticator: authenticatorChallenge, user: "User")
                == Self.bytes("D02E4386BCE91226"))
    }

    @Test func `computes and checks the response of RFC 2759 §9.2`() throws {
        let hash = try NTHash(password: "clientPass")
        #expect(
            try MSCHAPv2.ntResponse(
                authenticatorChallenge: authenticatorChallenge, peerChallenge: peerChallenge, user: "User", hash: hash)
                == response)
        #expect(try exchange().isProven(by: hash))
        #expect(
            try exchange().authenticatorResponse(hash) == "S=407A5589115FD0D6209F510FE9C04566932CDA56")
    }

    @Test func `a Windows domain takes no part (RFC 2759 §4)`() throws {
        let hash = try NTHash(password: "clientPass")
        #expect(try exchange(user: "DOMAIN\\User").isProven(by: hash))
        #expect(try !exchange(user: "user").isProven(by: hash))
    }

    @Test func `another password or one altered bit proves nothing`() throws {
        let hash = try NTHash(password: "clientPass")
        #expect(try !exchange().isProven(by: NTHash(password: "clientPas")))
        for bit in stride(from: 0, to: 192, by: 13) {
            var altered = response
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(try !exchange(response: altered).isProven(by: hash))
        }
    }

    @Test func `hashes UTF-16 (RFC 2759 §8.3) of up to 256 units`() throws {
        #expect(try NTHash(password: "é").octets == LegacyAlgorithms.md4([0xe9, 0]))
        #expect(throws: Never.self) { try NTHash(password: String(repeating: "a", count: 256)) }
        #expect(throws: EAPError(.credentialsMalformed)) {
            try NTHash(password: String(repeating: "a", count: 257))
        }
        #expect(NTHash([UInt8](repeating: 0, count: 15)) == nil)
    }

    @Test func `makes the keys of RFC 3079 §3.5.3`() throws {
        let hash = try NTHash(password: "clientPass")
        #expect(
            try MPPEKeys.masterKey(hashHash: hash.hashed(), ntResponse: response)
                == Self.bytes("FDECE3717A8C838CB388E527AE3CDD31"))
        // The RFC calls it SendStartKey128: the server's.
        #expect(
            try MPPEKeys(hash: hash, ntResponse: response).send == Self.bytes("8B7CDC149B993A1BA118CB153F56DCCB"))
    }

    @Test func `a failure's text is that of RFC 2759 §6, both ways`() throws {
        let failure = MSCHAPv2Failure(
            error: 691, mayRetry: false, challenge: authenticatorChallenge, message: "Authentication failed")
        #expect(failure.text == "E=691 R=0 C=5B5D7C7D7B3F2F3E3C2C602132262628 V=3 M=Authentication failed")
        #expect(MSCHAPv2Failure(text: failure.text) == failure)
        #expect(MSCHAPv2Failure(text: "E=647")?.error == 647)
        #expect(MSCHAPv2Failure(text: "R=1 M=E=691") == nil)
    }
}

@Suite struct MSCHAPv2PacketTests {
    static let packets: [(String, MSCHAPv2Packet)] = [
        (
            "010700191000112233445566778899aabbccddeeff" + "61626364",
            .challenge(identifier: 7, challenge: (0..<16).map { $0 * 0x11 }, name: "abcd")
        ),
        ("03070008533d4142", .success(identifier: 7, message: "S=AB")),
        ("04070009453d363931", .failure(identifier: 7, message: "E=691")),
        ("03", .successAcknowledgement), ("04", .failureAcknowledgement),
    ]

    @Test(arguments: packets) func `reads and writes the same octets`(hex: String, packet: MSCHAPv2Packet) throws {
        let octets = try #require(Hex.decode(hex))
        #expect(try MSCHAPv2Packet(decoding: octets) == packet)
        #expect(packet.encoded() == octets)
    }

    @Test func `a response keeps its two values and its name`() throws {
        let packet = MSCHAPv2Packet.response(
            identifier: 3, peerChallenge: Array(0..<16), ntResponse: Array(40..<64), name: "anne")
        #expect(packet.encoded().count == 4 + 1 + 49 + 4)
        #expect(try MSCHAPv2Packet(decoding: packet.encoded()) == packet)
        #expect(throws: EAPError(.mschapMalformed)) {
            try MSCHAPv2Packet(decoding: [2, 3, 0, 53, 49] + [UInt8](repeating: 1, count: 48))
        }
    }

    @Test(arguments: ["", "05", "0307", "030700", "03070003", "030700055300ff", "0207000531", "010700061000"])
    func `refuses impossible shapes`(hex: String) throws {
        let octets = try #require(Hex.decode(hex))
        if hex == "030700055300ff" {
            #expect(try MSCHAPv2Packet(decoding: octets) == .success(identifier: 7, message: "S"))
        } else {
            #expect(throws: EAPError(.mschapMalformed)) { try MSCHAPv2Packet(decoding: octets) }
        }
    }

    @Test func `a name of 256 octets is read, one of 257 is not`() throws {
        let packet = { (count: Int) in
            MSCHAPv2Packet.challenge(
                identifier: 1, challenge: [UInt8](repeating: 1, count: 16), name: String(repeating: "a", count: count)
            ).encoded()
        }
        #expect(throws: Never.self) { try MSCHAPv2Packet(decoding: packet(256)) }
        #expect(throws: EAPError(.mschapMalformed)) { try MSCHAPv2Packet(decoding: packet(257)) }
    }
}
