import RADIUS
import Testing

/// EAP-Message (RFC 3579 §3.1).
@Suite struct EAPMessageTests {
    private func read(_ attributes: [Attribute]) throws -> [UInt8]? {
        try Packet(.accessRequest, identifier: 1, attributes: attributes).encoded().withPacketView {
            view throws(RADIUSError) in try view.eapMessage()
        }
    }

    @Test(arguments: [0, 1, 252, 253, 254, 506, 507, 1500, 4000])
    func `an EAP packet is cut into chunks of 253 octets and put together again`(count: Int) throws {
        let secret = try SharedSecret([1])
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let octets = try PacketBuffer.request(.accessRequest, secret: secret) { $0.append(eapMessage: message) }
        let packet = try Packet(octets)
        #expect(packet.all(.eapMessage).map(\.value.count) == Self.chunks(count))
        #expect(packet.all(.eapMessage) == Attribute.eapMessage(message))
        #expect(try read(packet.attributes) == message)
    }

    private static func chunks(_ count: Int) -> [Int] {
        [Int](repeating: 253, count: max(0, count - 1) / 253) + [count == 0 ? 0 : (count - 1) % 253 + 1]
    }

    @Test func `an EAP packet that no packet holds is refused`() throws {
        let secret = try SharedSecret([1])
        // 20 octets of header, 18 of Message-Authenticator, 15 whole attributes and one of 213 octets.
        func length(_ count: Int) throws -> Int {
            try PacketBuffer.request(.accessRequest, secret: secret) {
                $0.append(eapMessage: [UInt8](repeating: 1, count: count))
            }.count
        }
        #expect(try length(15 * 253 + 231) == 4096)
        #expect(throws: RADIUSError(.packetTooLong)) { try length(15 * 253 + 232) }
    }

    @Test func `no EAP-Message is nil, an empty one an EAP-Start`() throws {
        #expect(try read([Attribute(.userName, text: "bob")]) == nil)
        #expect(try read([Attribute(.eapMessage, [])]) == [])
    }

    @Test func `short chunks in the middle are accepted, scattered ones refused`() throws {
        let pieces = [Attribute(.eapMessage, [1]), Attribute(.eapMessage, [2, 3])]
        #expect(try read([Attribute(.nasPort, uint32: 1)] + pieces + [Attribute(.state, [9])]) == [1, 2, 3])
        #expect(throws: RADIUSError(.eapMessageScattered)) {
            try read([pieces[0], Attribute(.state, [9]), pieces[1]])
        }
    }
}
