import RADIUS
import Testing

/// What our own client sends, and how it understands replies.
@Suite struct SignedRequestTests {
    private let secret: SharedSecret

    init() throws { secret = try SharedSecret(Array("xyzzy5461".utf8)) }

    @Test func `an Access-Request carries Message-Authenticator first, then name and password`() throws {
        let request = try secret.accessRequest(
            identifier: 7, userName: "bob", password: Array("arctangent".utf8),
            attributes: [Attribute(.nasIdentifier, text: "mairie")])
        let packet = try Packet(request.bytes)
        #expect(packet.attributes.map(\.type) == [.messageAuthenticator, .userName, .userPassword, .nasIdentifier])
        #expect(packet.identifier == 7)
        #expect(packet.authenticator == request.sent.authenticator)
        #expect(packet.first(.userName)?.text == "bob")
    }

    @Test func `two Access-Requests of the same content differ (RFC 2865 §3)`() throws {
        let first = try secret.accessRequest(identifier: 7, userName: "bob", password: [1])
        #expect(try first != secret.accessRequest(identifier: 7, userName: "bob", password: [1]))
    }

    @Test func `CHAP repeats the challenge only if it is not the authenticator`() throws {
        let authenticator = Authenticator.random()
        for challenge in [authenticator.bytes, Array("challenge".utf8)] {
            let response = CHAPResponse(identifier: 1, password: [1], challenge: challenge)
            let request = try secret.accessRequest(
                identifier: 1, authenticator: authenticator, userName: "bob", chap: response)
            #expect((try Packet(request.bytes).first(.chapChallenge) == nil) == (challenge == authenticator.bytes))
            try request.bytes.withPacketView { view throws(RADIUSError) in
                #expect(try secret.credentials(of: view) == .chap(response))
            }
        }
    }

    @Test func `a signed request's header is its authenticator, not zeros`() throws {
        let request = try secret.accountingRequest(identifier: 1, attributes: [Attribute(.acctStatusType, uint32: 1)])
        #expect(request.sent.authenticator != .zero)
        #expect(try Packet(request.bytes).authenticator == request.sent.authenticator)
        try request.bytes.withPacketView { view in #expect(view.accountingStatus == .start) }
    }

    @Test func `a request that is too long is refused`() {
        let attributes = [Attribute](repeating: Attribute(.classValue, [UInt8](repeating: 0, count: 253)), count: 17)
        #expect(throws: RADIUSError(.packetTooLong)) {
            try secret.accountingRequest(identifier: 1, attributes: attributes)
        }
        #expect(throws: RADIUSError(.passwordTooLong)) {
            try secret.accessRequest(identifier: 1, userName: "a", password: [UInt8](repeating: 1, count: 129))
        }
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try secret.accessRequest(identifier: 1, userName: String(repeating: "a", count: 254), password: [])
        }
    }

    @Test func `a NAK tells its cause, known or not, or none (RFC 5176 §3.5)`() {
        func outcome(_ code: PacketCode, _ attributes: [Attribute]) -> DynamicAuthorizationOutcome? {
            DynamicAuthorizationOutcome(Packet(code, identifier: 1, attributes: attributes))
        }
        #expect(outcome(.disconnectACK, []) == .acknowledged)
        #expect(outcome(.coaACK, []) == .acknowledged)
        #expect(outcome(.coaNAK, [Attribute(.errorCause, uint32: 503)]) == .refused(.sessionContextNotFound))
        #expect(outcome(.disconnectNAK, [Attribute(.errorCause, uint32: 999)]) == .refused(ErrorCause(rawValue: 999)))
        #expect(outcome(.disconnectNAK, [Attribute(.errorCause, [1])]) == .refused(nil))
        #expect(outcome(.disconnectNAK, []) == .refused(nil))
        #expect(outcome(.accessAccept, []) == nil)
        #expect(ErrorCause.sessionContextNotFound.description == "Session-Context-Not-Found")
        #expect(ErrorCause(rawValue: 999).description == "Error-Cause-999")
    }

    @Test func `names of causes agree with the shipped dictionary`() throws {
        let definition = try #require(try ProjectFiles.shippedDictionary().definition(named: "Error-Cause"))
        for (number, name) in definition.values where number < 509 {
            #expect(ErrorCause(rawValue: UInt32(number)).description == name)
        }
    }

    @Test func `a Status-Server is in the version of its envelope`() throws {
        let old = try secret.statusServer(in: .radius10(identifier: 3))
        let packet = try Packet(old.bytes)
        #expect(packet.code == .statusServer && packet.identifier == 3)
        #expect(packet.attributes.map(\.type) == [.messageAuthenticator])
        let new = try secret.statusServer(in: .radius11(token: 9))
        #expect(new.bytes == [12, 0, 0, 20, 0, 0, 0, 9] + [UInt8](repeating: 0, count: 12))
        #expect(new.sent.authenticator.token == 9)
    }
}
