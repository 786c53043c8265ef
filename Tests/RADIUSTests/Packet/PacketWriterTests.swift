import RADIUS
import Testing

@Suite struct PacketWriterTests {
    private let secret: SharedSecret

    init() throws { secret = try SharedSecret(Array("xyzzy5461".utf8)) }

    /// Writes a reply to `request` into a buffer of `room` octets.
    private func reply(
        _ code: PacketCode, to request: [UInt8], room: Int = 4096, _ fill: (inout PacketWriter) -> Void = { _ in }
    ) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0xee, count: room)
        let length = try request.withPacketView { view throws(RADIUSError) in
            try buffer.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
                var writer = PacketWriter(UnsafeMutableRawBufferPointer(buffer), replying: code, to: view)
                fill(&writer)
                return try writer.finish(secret: secret)
            }
        }
        #expect(buffer[length...].allSatisfy { $0 == 0xee })
        return Array(buffer[..<length])
    }

    private func accessRequest(_ attributes: [Attribute] = []) throws -> SignedRequest {
        try secret.accessRequest(identifier: 9, userName: "bob", password: [0x70], attributes: attributes)
    }

    @Test(arguments: [PacketCode.accessAccept, .accessReject, .accessChallenge])
    func `every reply to an Access-Request begins with Message-Authenticator (CVE-2024-3596)`(code: PacketCode) throws {
        let request = try accessRequest()
        let octets = try reply(code, to: request.bytes) { $0.append(.replyMessage, text: "bonjour") }
        let packet = try secret.reply(in: octets, to: request.sent, requireMessageAuthenticator: true)
        #expect(packet.code == code)
        #expect(packet.attributes.map(\.type) == [.messageAuthenticator, .replyMessage])
    }

    @Test func `so it does when the request had none`() throws {
        let bare = Packet(
            .accessRequest, identifier: 3, authenticator: .random(), attributes: [Attribute(.userName, text: "bob")])
        let octets = try reply(.accessReject, to: bare.encoded())
        let sent = SentRequest(code: bare.code, identifier: 3, authenticator: bare.authenticator)
        #expect(try secret.reply(in: octets, to: sent, requireMessageAuthenticator: true).attributes.count == 1)
    }

    @Test func `so does the answer to a Status-Server (RFC 5997 §3)`() throws {
        let request = try secret.statusServer(identifier: 1)
        for code in [PacketCode.accessAccept, .accountingResponse] {
            let octets = try reply(code, to: request.bytes)
            let packet = try secret.reply(in: octets, to: request.sent, requireMessageAuthenticator: true)
            #expect(packet.attributes.first?.type == .messageAuthenticator)
        }
    }

    @Test func `accounting and CoA replies have one when their request has (RFC 5176 §3.6)`() throws {
        for signed in [true, false] {
            let accounting = try secret.accountingRequest(
                identifier: 1, attributes: [], messageAuthenticator: signed)
            let response = try secret.reply(
                in: try reply(.accountingResponse, to: accounting.bytes), to: accounting.sent)
            #expect(response.attributes.count == (signed ? 1 : 0))
            let disconnect = try secret.disconnectRequest(
                identifier: 2, attributes: [], messageAuthenticator: signed)
            let acknowledgement = try secret.reply(
                in: try reply(.disconnectACK, to: disconnect.bytes), to: disconnect.sent)
            #expect(acknowledgement.attributes.count == (signed ? 1 : 0))
        }
    }

    @Test func `Proxy-State comes back unchanged and in order (RFC 2865 §5.33)`() throws {
        let states = [[1, 2, 3], [], [255] + [UInt8](repeating: 7, count: 252), [1, 2, 3]] as [[UInt8]]
        let request = try accessRequest(
            states.map { Attribute(.proxyState, $0) } + [Attribute(.nasPort, uint32: 1)])
        let octets = try reply(.accessAccept, to: request.bytes) { $0.append(.sessionTimeout, uint32: 60) }
        let packet = try secret.reply(in: octets, to: request.sent)
        #expect(packet.all(.proxyState).map(\.value) == states)
        #expect(packet.attributes.count == 2 + states.count)
    }

    @Test func `a reply that just fits is written and one octet less of room is refused`() throws {
        let request = try accessRequest([Attribute(.proxyState, [1, 2, 3])])
        let whole = try reply(.accessAccept, to: request.bytes) { $0.append(.sessionTimeout, uint32: 60) }
        #expect(whole.count == 20 + 18 + 6 + 5)
        #expect(
            try reply(.accessAccept, to: request.bytes, room: whole.count) { $0.append(.sessionTimeout, uint32: 60) }
                == whole)
        for room in 0..<whole.count {
            #expect(throws: RADIUSError(.packetTooLong)) {
                try reply(.accessAccept, to: request.bytes, room: room) { $0.append(.sessionTimeout, uint32: 60) }
            }
        }
    }

    @Test func `no reply exceeds 4096 octets, however large the buffer`() throws {
        let request = try accessRequest()
        let fill: (Int) -> (inout PacketWriter) -> Void = { last in
            { writer in
                for _ in 0..<15 { writer.append(.replyMessage, [UInt8](repeating: 0x61, count: 253)) }
                writer.append(.replyMessage, [UInt8](repeating: 0x61, count: last))
            }
        }
        let room = 4096 - 20 - 18 - 15 * 255 - 2
        #expect(try reply(.accessAccept, to: request.bytes, room: 9000, fill(room)).count == 4096)
        #expect(throws: RADIUSError(.packetTooLong)) {
            try reply(.accessAccept, to: request.bytes, room: 9000, fill(room + 1))
        }
    }

    @Test func `accepts a value of 253 octets and refuses one of 254; 247 and 248 for a vendor's`() throws {
        let request = try accessRequest()
        func length(_ count: Int, vendor: Bool) throws -> Int {
            let value = [UInt8](repeating: 1, count: count)
            return try reply(.accessAccept, to: request.bytes) {
                if vendor { $0.append(vendor: 9, type: 1, value) } else { $0.append(.classValue, value) }
            }.count
        }
        #expect(try length(253, vendor: false) == 38 + 255)
        #expect(try length(247, vendor: true) == 38 + 255)
        #expect(throws: RADIUSError(.attributeValueTooLong)) { try length(254, vendor: false) }
        #expect(throws: RADIUSError(.attributeValueTooLong)) { try length(248, vendor: true) }
    }

    @Test func `the first fault is the one that finish throws`() throws {
        let request = try accessRequest()
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try reply(.accessAccept, to: request.bytes, room: 60) {
                $0.append(.classValue, [UInt8](repeating: 1, count: 254))
                $0.append(.classValue, [UInt8](repeating: 1, count: 200))
            }
        }
        #expect(throws: RADIUSError(.unexpectedCode)) {
            try reply(.accessAccept, to: request.bytes) { $0.append(password: [1], secret: secret) }
        }
    }

    @Test func `a writer without room for a header has sent nothing`() throws {
        var buffer = [UInt8](repeating: 0, count: 10)
        let sent = buffer.withUnsafeMutableBytes {
            PacketWriter($0, request: .accessRequest, identifier: 1, authenticator: .random()).sent
        }
        #expect(sent.identifier == 0)
    }
}
