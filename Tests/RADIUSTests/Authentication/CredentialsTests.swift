import OpenSSL
import RADIUS
import Testing

/// PAP, CHAP, and neither.
@Suite struct CredentialsTests {
    private let secret: SharedSecret
    private let authenticator = Authenticator.random()

    init() throws { secret = try SharedSecret(Array("xyzzy5461".utf8)) }

    private func credentials(_ attributes: [Attribute]) throws -> Credentials {
        let packet = Packet(.accessRequest, identifier: 1, authenticator: authenticator, attributes: attributes)
        return try packet.encoded().withPacketView { view throws(RADIUSError) in try secret.credentials(of: view) }
    }

    private func chap(_ challenge: [UInt8]) -> CHAPResponse {
        CHAPResponse(identifier: 5, password: Array("K7QFM2XW9T".utf8), challenge: challenge)
    }

    private func password(_ response: CHAPResponse) -> Attribute {
        Attribute(.chapPassword, [response.identifier] + response.response.bytes)
    }

    @Test func `PAP gives the password`() throws {
        let hidden = try secret.hide(Array("arctangent".utf8), authenticator: authenticator)
        #expect(try credentials([Attribute(.userPassword, hidden)]) == .password(Array("arctangent".utf8)))
    }

    @Test func `CHAP is challenged by the authenticator or by CHAP-Challenge (RFC 2865 §5.3)`() throws {
        let implicit = chap(authenticator.bytes)
        #expect(try credentials([password(implicit)]) == .chap(implicit))
        let explicit = chap(Array("challenge".utf8))
        #expect(
            try credentials([Attribute(.chapChallenge, explicit.challenge), password(explicit)]) == .chap(explicit))
        #expect(explicit.matches(password: Array("K7QFM2XW9T".utf8)))
        #expect(!explicit.matches(password: Array("K7QFM2XW9".utf8)))
        #expect(!explicit.matches(password: []))
    }

    @Test(arguments: [0, 1, 16, 18])
    func `refuses a CHAP-Password that is not 17 octets`(count: Int) {
        #expect(throws: RADIUSError(.chapPasswordLength)) {
            try credentials([Attribute(.chapPassword, [UInt8](repeating: 1, count: count))])
        }
    }

    @Test func `accepts a challenge of 5 octets and refuses one of 4 (RFC 2865 §5.40)`() throws {
        let five = chap([1, 2, 3, 4, 5])
        #expect(try credentials([password(five), Attribute(.chapChallenge, five.challenge)]) == .chap(five))
        #expect(throws: RADIUSError(.chapChallengeLength)) {
            try credentials([password(five), Attribute(.chapChallenge, [1, 2, 3, 4])])
        }
    }

    private var msCHAP: MSCHAPResponse {
        .version2(
            identifier: 1, challenge: [UInt8](repeating: 1, count: 16), peerChallenge: [UInt8](repeating: 2, count: 16),
            response: [UInt8](repeating: 3, count: 24))
    }

    @Test func `MS-CHAP gives the response (RFC 2548 §2.3)`() throws {
        #expect(try credentials(msCHAP.attributes) == .msCHAP(msCHAP))
        #expect(throws: RADIUSError(.msCHAPChallengeLength)) { try credentials([msCHAP.attributes[1]]) }
    }

    @Test func `nothing prints a password or a key`() {
        let secrets: [Any] = [
            Credentials.password([77]), MPPEKeyPair(send: [77], receive: [77]), TunnelPassword([77]),
        ]
        for secret in secrets {
            var text = "\(secret) \(String(reflecting: secret))"
            dump(secret, to: &text)
            #expect(!text.contains("77"))
        }
    }

    @Test func `two kinds at once are refused (RFC 2865 §4.1, RFC 3579 §3.1)`() throws {
        let hidden = Attribute(.userPassword, try secret.hide([1], authenticator: authenticator))
        let eap = Attribute(.eapMessage, [2, 0, 0, 4])
        let microsoft = msCHAP.attributes
        for pair in [
            [hidden, password(chap([1]))], [hidden, eap], [password(chap([1])), eap], microsoft + [hidden],
            microsoft + [eap],
        ] {
            #expect(throws: RADIUSError(.credentialsConflict)) { try credentials(pair) }
        }
        #expect(try credentials([eap]) == .eap)
        #expect(try credentials([Attribute(.userName, text: "02-00-5E-00-00-01")]) == Credentials.none)
    }

    @Test(arguments: [0, 8, 24, 144])
    func `a hidden password of an impossible length is refused`(count: Int) {
        #expect(throws: RADIUSError(.userPasswordLength)) {
            try credentials([Attribute(.userPassword, [UInt8](repeating: 1, count: count))])
        }
    }
}
