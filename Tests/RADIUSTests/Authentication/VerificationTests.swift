import RADIUS
import Testing

/// Who may be believed. The single refusals are in `packets.vectors`; here, that nothing slips between them.
@Suite struct VerificationTests {
    private let secret: SharedSecret
    private let stranger: SharedSecret

    init() throws {
        secret = try SharedSecret(Array("xyzzy5461".utf8))
        stranger = try SharedSecret(Array("xyzzy5462".utf8))
    }

    private func requests(_ secret: SharedSecret) throws -> [SignedRequest] {
        let attributes = [Attribute(.acctSessionID, text: "5f1b"), Attribute(.proxyState, [1, 2])]
        return [
            try secret.accessRequest(identifier: 1, userName: "bob", password: [1], attributes: attributes),
            try secret.accountingRequest(identifier: 2, attributes: attributes),
            try secret.accountingRequest(identifier: 3, attributes: attributes, messageAuthenticator: true),
            try secret.statusServer(identifier: 4, attributes: attributes),
            try secret.disconnectRequest(identifier: 5, attributes: attributes),
            try secret.disconnectRequest(identifier: 6, attributes: attributes, messageAuthenticator: false),
            try secret.coaRequest(identifier: 7, attributes: attributes),
        ]
    }

    private func verify(_ octets: [UInt8], with secret: SharedSecret) throws(RADIUSError) -> RequestProof {
        try octets.withPacketView { view throws(RADIUSError) in try secret.verify(request: view) }
    }

    @Test func `believes its own requests`() throws {
        let proofs = try requests(secret).map { try verify($0.bytes, with: secret) }
        #expect(
            proofs == [
                .messageAuthenticator, .requestAuthenticator, .messageAuthenticator, .messageAuthenticator,
                .messageAuthenticator, .requestAuthenticator, .messageAuthenticator,
            ])
    }

    @Test func `believes nobody who holds another secret`() throws {
        for request in try requests(stranger) {
            #expect(throws: RADIUSError.self) { try verify(request.bytes, with: secret) }
        }
    }

    @Test func `any altered bit of a signed request is noticed`() throws {
        for request in try requests(secret) {
            for index in request.bytes.indices {
                for bit in 0..<8 {
                    var octets = request.bytes
                    octets[index] ^= 1 << UInt8(bit)
                    guard let proof = try? verify(octets, with: secret) else { continue }
                    // What remains is an Access-Request in which the Message-Authenticator became another attribute: it
                    // proves nothing, and the NAS's policy refuses it.
                    #expect(proof == .none)
                    #expect(octets[0] == 1 && index == 20)
                }
            }
        }
    }

    @Test func `any altered bit of a reply is noticed`() throws {
        for request in try requests(secret) {
            let code: PacketCode =
                switch request.sent.code {
                case .accountingRequest: .accountingResponse
                case .disconnectRequest: .disconnectNAK
                case .coaRequest: .coaACK
                default: .accessAccept
                }
            let reply = try written(code, to: request)
            _ = try secret.reply(in: reply, to: request.sent)
            for bit in 0..<reply.count * 8 {
                var octets = reply
                octets[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: RADIUSError.self) { try secret.reply(in: octets, to: request.sent) }
            }
            #expect(throws: RADIUSError(.responseAuthenticatorInvalid)) {
                try stranger.reply(in: reply, to: request.sent)
            }
        }
    }

    @Test func `a required Message-Authenticator must be there`() throws {
        let request = try secret.accountingRequest(identifier: 1, attributes: [])
        let reply = try written(.accountingResponse, to: request)
        _ = try secret.reply(in: reply, to: request.sent)
        #expect(throws: RADIUSError(.messageAuthenticatorMissing)) {
            try secret.reply(in: reply, to: request.sent, requireMessageAuthenticator: true)
        }
    }

    @Test func `a reply to a request of the same identifier and another authenticator is refused`() throws {
        let (first, second) = (
            try secret.accessRequest(identifier: 1, userName: "bob", password: [1]),
            try secret.accessRequest(identifier: 1, userName: "bob", password: [1])
        )
        let reply = try written(.accessAccept, to: first)
        #expect(throws: RADIUSError(.responseAuthenticatorInvalid)) { try secret.reply(in: reply, to: second.sent) }
    }

    private func written(_ code: PacketCode, to request: SignedRequest) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = try request.bytes.withPacketView { view throws(RADIUSError) in
            try buffer.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
                var writer = PacketWriter(UnsafeMutableRawBufferPointer(buffer), replying: code, to: view)
                writer.append(.errorCause, uint32: 503)
                return try writer.finish(secret: secret)
            }
        }
        return Array(buffer[..<length])
    }
}
