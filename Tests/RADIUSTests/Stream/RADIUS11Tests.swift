import RADIUS
import Testing

/// RADIUS/1.1 (RFC 9765): the same handlers, another header, nothing hidden.
@Suite struct RADIUS11Tests {
    /// RadSec's well-known secret; nothing here may depend on it.
    private let secret: SharedSecret

    init() throws { secret = try SharedSecret(Array("radsec".utf8)) }

    @Test func `the names that TLS peers agree on`() {
        #expect(ProtocolVersion(rawValue: "radius/1.1") == .radius11)
        #expect(ProtocolVersion(rawValue: "radius/1.0") == .radius10)
    }

    @Test func `a request has token and reserved zeros where authenticator and identifier were`() throws {
        let request = try SignedRequest(
            .accessRequest, token: 0x0102_0304, attributes: [Attribute(.userPassword, text: "arctangent")])
        let header: [UInt8] = [1, 0, 0, 32, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 12)
        #expect(request.bytes == header + [2, 12] + Array("arctangent".utf8))
        #expect(request.sent.authenticator.token == 0x0102_0304)
    }

    @Test func `the same handler serves both versions`() throws {
        let attributes = [Attribute(.userName, text: "bob"), Attribute(.proxyState, [5])]
        let old = try secret.accessRequest(
            identifier: 7, userName: "bob", password: Array("s3cret".utf8), attributes: [attributes[1]])
        let new = try SignedRequest(
            .accessRequest, token: 99, attributes: attributes + [Attribute(.userPassword, text: "s3cret")])
        for (request, version) in [(old, ProtocolVersion.radius10), (new, .radius11)] {
            let proof = try request.bytes.withPacketView(version: version) { view throws(RADIUSError) in
                #expect(try secret.credentials(of: view) == .password(Array("s3cret".utf8)))
                return try secret.verify(request: view)
            }
            #expect(proof == (version == .radius10 ? .messageAuthenticator : .connection))
            let octets = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret, version: version) {
                $0.append(MPPEKeyPair(send: [1, 2], receive: [3, 4]), secret: secret)
                $0.append(TunnelPassword([5, 6], tag: 1), secret: secret)
            }
            let reply = try secret.reply(
                in: octets, to: request.sent, requireMessageAuthenticator: true, version: version)
            #expect(reply.all(.proxyState).map(\.value) == [[5]])
            try octets.withPacketView(version: version) { view throws(RADIUSError) in
                let keys = try MPPEKeyPair(view, secret: secret, authenticator: request.sent.authenticator)
                #expect(keys == MPPEKeyPair(send: [1, 2], receive: [3, 4]))
            }
        }
    }

    @Test func `a reply echoes the token, hides nothing and has no Message-Authenticator`() throws {
        let request = try SignedRequest(.accessRequest, token: 0xffff_ffff, attributes: [])
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret, version: .radius11) {
            $0.append(TunnelPassword([5, 6], tag: 1), secret: secret)
            $0.append(vendor: 311, type: 16, salted: [7], secret: secret)
        }
        #expect(Array(reply[..<8]) == [2, 0, 0, 34, 255, 255, 255, 255])
        #expect(Array(reply[8..<20]) == [UInt8](repeating: 0, count: 12))
        #expect(Array(reply[20...]) == [69, 5, 1, 5, 6, 26, 9, 0, 0, 1, 55, 16, 3, 7])
    }

    @Test func `a reply with another token or code is not ours`() throws {
        let request = try SignedRequest(.accountingRequest, token: 8, attributes: [])
        func reply(_ code: PacketCode, _ token: UInt8) throws -> Packet {
            try secret.reply(
                in: [code.rawValue, 200, 0, 20, 0, 0, 0, token] + [UInt8](repeating: 1, count: 12), to: request.sent,
                version: .radius11)
        }
        // What is reserved is ignored.
        #expect(try reply(.accountingResponse, 8).code == .accountingResponse)
        #expect(try reply(.protocolError, 8).code == .protocolError)
        #expect(throws: RADIUSError(.identifierMismatch)) { try reply(.accountingResponse, 9) }
        #expect(throws: RADIUSError(.unexpectedCode)) { try reply(.accessAccept, 8) }
    }

    @Test func `a reply code is no request`() throws {
        let packet = [2, 0, 0, 20] + [UInt8](repeating: 0, count: 16)
        #expect(throws: RADIUSError(.unexpectedCode)) {
            try packet.withPacketView(version: .radius11) { view throws(RADIUSError) in
                try secret.verify(request: view)
            }
        }
    }

    @Test func `Message-Authenticators of whatever shape are ignored (RFC 9765 §5.2)`() throws {
        let odd = [Attribute(.messageAuthenticator, [1]), Attribute(.messageAuthenticator, [2])]
        let request = try SignedRequest(.accessRequest, token: 1, attributes: odd)
        let proof = try request.bytes.withPacketView(version: .radius11) { view throws(RADIUSError) in
            try secret.verify(request: view)
        }
        #expect(proof == .connection)
        #expect(throws: RADIUSError(.messageAuthenticatorLength)) { try Packet(request.bytes) }
    }

    @Test func `CHAP needs a CHAP-Challenge (RFC 9765 §5.1.2)`() throws {
        let chap = CHAPResponse(identifier: 1, password: [1], challenge: [1, 2, 3, 4, 5])
        let password = Attribute(.chapPassword, [1] + chap.response.bytes)
        func credentials(_ attributes: [Attribute]) throws -> Credentials {
            try SignedRequest(.accessRequest, token: 1, attributes: attributes).bytes.withPacketView(
                version: .radius11
            ) { view throws(RADIUSError) in try secret.credentials(of: view) }
        }
        #expect(try credentials([password, Attribute(.chapChallenge, chap.challenge)]) == .chap(chap))
        #expect(throws: RADIUSError(.chapChallengeLength)) { try credentials([password]) }
    }

    @Test func `a writer of the older version cannot end unsigned`() throws {
        var buffer = [UInt8](repeating: 0, count: 100)
        let length = buffer.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(buffer, request: .accessRequest, identifier: 1, authenticator: .random())
            return try? writer.finish()
        }
        #expect(length == nil)
    }

    @Test func `tokens follow each other around the end`() {
        var tokens = TokenSequence(first: .max)
        #expect(tokens.next() == .max && tokens.next() == 0 && tokens.next() == 1)
        var random = TokenSequence()
        #expect(random.next() != random.next())
    }

    private let protocolError = ProtocolError(
        originalCode: .accountingRequest, cause: .responseTooBig, responseLength: 70_000)

    @Test func `a Protocol-Error is read as it was written (RFC 7930 §4)`() throws {
        let request = try secret.accountingRequest(identifier: 8, attributes: [])
        let octets = try PacketBuffer.reply(.protocolError, to: request.bytes, secret: secret) {
            $0.append(protocolError)
        }
        let attributes: [UInt8] = [101, 6, 0, 0, 2, 89, 241, 7, 4, 0, 0, 0, 4, 241, 7, 3, 0, 1, 17, 112]
        #expect(octets.suffix(attributes.count) == attributes[...])
        #expect(try octets.withPacketView { ProtocolError($0) } == protocolError)
        #expect(try request.bytes.withPacketView { ProtocolError($0) } == nil)
        let bare = Packet(.protocolError, identifier: 1)
        #expect(
            try bare.encoded().withPacketView { ProtocolError($0) } == ProtocolError(originalCode: nil, cause: nil))
    }

    @Test func `RADIUS/1.1 has no Original-Packet-Code: it is not sent, and ignored (RFC 9765 §5.5)`() throws {
        let request = try SignedRequest(.accountingRequest, token: 8, attributes: [])
        let octets = try PacketBuffer.reply(.protocolError, to: request.bytes, secret: secret, version: .radius11) {
            $0.append(protocolError)
        }
        #expect(Array(octets[20...]) == [101, 6, 0, 0, 2, 89, 241, 7, 3, 0, 1, 17, 112])
        let told = try PacketBuffer.reply(.protocolError, to: request.bytes, secret: secret, version: .radius11) {
            $0.append(ExtendedAttribute(.originalPacketCode, uint32: 4))
        }
        #expect(try told.withPacketView(version: .radius11) { ProtocolError($0)?.originalCode } == nil)
    }
}
