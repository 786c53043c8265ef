import OpenSSL
import Testing

@testable import EAP

/// What a peer may say inside TTLS (RFC 5281 §11).
@Suite struct TTLSServerTests {
    let challenge = (0..<17).map { UInt8($0) }
    let settings: EAPServerSettings

    init() throws { settings = try EAPWorld.shared.get().server() }

    private func credential(_ avps: [AVP]) throws -> InnerCredential {
        try TTLSCredential(avps, challenge: challenge).inner
    }

    private let name = AVP(.userName, Array("anne".utf8))
    private var implied: [UInt8] { Array(challenge.prefix(16)) }

    @Test(arguments: [("secret", 16), ("secret", 6), ("0123456789abcdef", 16), ("0123456789abcdef0", 32)])
    func `a password loses the NULs that hid its length (RFC 5281 §11.2.5)`(password: String, length: Int) throws {
        let octets = Array(password.utf8)
        let padded = octets + [UInt8](repeating: 0, count: length - octets.count)
        guard case .pap("anne", octets) = try credential([name, AVP(.userPassword, padded)]) else {
            Issue.record("another credential")
            return
        }
    }

    @Test func `a password has 1 to 256 octets`() throws {
        for (count, isGood) in [(0, false), (1, true), (256, true), (257, false)] {
            let avps = [name, AVP(.userPassword, [UInt8](repeating: 7, count: count))]
            if isGood {
                #expect(throws: Never.self) { try credential(avps) }
            } else {
                #expect(throws: EAPError(.credentialsMalformed)) { try credential(avps) }
            }
        }
    }

    @Test func `refuses what makes no single credential`() throws {
        let password = AVP(.userPassword, [7])
        let chap = AVP(.chapPassword, [UInt8](repeating: 16, count: 17))
        let wrong: [[AVP]] = [
            [], [name], [password], [name, name, password], [name, password, password], [name, password, chap],
            [name, chap], [name, AVP(.userPassword, [7, 0, 7])],
        ]
        for avps in wrong { #expect(throws: EAPError(.credentialsMalformed)) { try credential(avps) } }
        #expect(throws: EAPError(.identityMalformed)) { try credential([AVP(.userName, [0xff]), password]) }
    }

    @Test func `an unknown AVP is passed over unless it is mandatory (RFC 5281 §10.1)`() throws {
        let unknown = AVP.Code(vendor: 9, number: 1)
        let good = [name, AVP(.userPassword, [7])]
        #expect(throws: Never.self) { try credential(good + [AVP(unknown, [1], isMandatory: false)]) }
        #expect(throws: EAPError(.avpUnsupported)) { try credential(good + [AVP(unknown, [1])]) }
    }

    @Test func `CHAP is accepted on this tunnel's challenge and identifier alone (RFC 5281 §11.2.2)`() throws {
        let proof = { (identifier: UInt8) in AVP(.chapPassword, [identifier] + [UInt8](repeating: 1, count: 16)) }
        guard case .chap("anne", 16, implied, _) = try credential([name, AVP(.chapChallenge, implied), proof(16)])
        else {
            Issue.record("another credential")
            return
        }
        let other = [UInt8](repeating: 0, count: 16)
        let wrong: [[AVP]] = [
            [name, AVP(.chapChallenge, implied), proof(17)], [name, AVP(.chapChallenge, other), proof(16)],
            [name, AVP(.chapChallenge, implied + [16]), proof(16)], [name, proof(16)],
            [name, AVP(.chapChallenge, implied), AVP(.chapPassword, [16, 1])],
        ]
        for avps in wrong { #expect(throws: EAPError(.credentialsMalformed)) { try credential(avps) } }
    }

    @Test func `MS-CHAPv2 is accepted on this tunnel's challenge and identifier alone (RFC 5281 §11.2.4)`() throws {
        let proof = { (identifier: UInt8, count: Int) in
            AVP(.mschap2Response, [identifier] + [UInt8](repeating: 1, count: count - 1))
        }
        #expect(throws: Never.self) { try credential([name, AVP(.mschapChallenge, implied), proof(16, 50)]) }
        let wrong: [[AVP]] = [
            [name, AVP(.mschapChallenge, implied), proof(15, 50)], [name, proof(16, 50)],
            [name, AVP(.mschapChallenge, [UInt8](repeating: 0, count: 16)), proof(16, 50)],
            [name, AVP(.mschapChallenge, implied), proof(16, 49)],
            [name, AVP(.mschapChallenge, implied), proof(16, 51)],
        ]
        for avps in wrong { #expect(throws: EAPError(.credentialsMalformed)) { try credential(avps) } }
    }

    @Test func `an answer that does not fit the credential refuses`() throws {
        let pap = [name, AVP(.userPassword, [7])].flatMap { $0.encoded() }
        let hash = try NTHash(password: "a")
        for verdict in [EAPVerdict.reject, .ntHash(hash, cachedAuthorization: nil)] {
            var server = TTLSServer(challenge: challenge, settings: settings) { [UInt8](repeating: 1, count: $0) }
            _ = try server.receive(pap)
            guard case .reject(.refused) = try server.answer(verdict) else {
                Issue.record("not refused")
                return
            }
            #expect(!server.isProven)
        }
    }

    @Test func `an EAP-Message may be split over several AVPs (RFC 5281 §11.2.1)`() throws {
        let packet = EAPPacket.response(identifier: 5, .identity, data: Array("anne".utf8)).encoded()
        let octets = AVP(.eapMessage, Array(packet[..<3])).encoded() + AVP(.eapMessage, Array(packet[3...])).encoded()
        var server = TTLSServer(challenge: challenge, settings: settings) { [UInt8](repeating: 1, count: $0) }
        guard case .send(let reply) = try server.receive(octets) else {
            Issue.record("no challenge")
            return
        }
        let request = try #require(try AVP.decode(reply).first)
        guard case .request(6, .mschapv2, _) = try EAPPacket(decoding: request.value) else {
            Issue.record("no challenge")
            return
        }
        #expect(server.identity == "anne")
    }
}
