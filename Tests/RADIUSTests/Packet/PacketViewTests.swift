import RADIUS
import Testing

/// The limits of a packet, from both sides; the exact refusals are in `packets.vectors`.
@Suite struct PacketViewTests {
    private func datagram(_ attributes: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? 20 + attributes.count
        return [1, 7, UInt8(length >> 8 & 0xff), UInt8(length & 0xff)] + [UInt8](repeating: 0xa5, count: 16)
            + attributes
    }

    @Test func `accepts a packet of 20 octets and refuses one of 19 (RFC 2865 §3)`() throws {
        #expect(try Packet(datagram([])).attributes.isEmpty)
        #expect(throws: RADIUSError(.datagramTooShort)) { try Packet(Array(datagram([]).dropLast())) }
    }

    @Test func `accepts a packet of 4096 octets and refuses one of 4097 (RFC 2865 §3)`() throws {
        var attributes: [UInt8] = []
        for _ in 0..<15 { attributes += [25, 255] + [UInt8](repeating: 0, count: 253) }
        attributes += [25, 251] + [UInt8](repeating: 0, count: 249)
        #expect(attributes.count == 4076)
        #expect(try Packet(datagram(attributes)).attributes.count == 16)
        #expect(throws: RADIUSError(.lengthTooLong)) { try Packet(datagram(attributes + [0])) }
    }

    @Test func `accepts 200 attributes and refuses 201`() throws {
        let many = [UInt8](repeating: 0, count: 400).enumerated().map { $0.offset.isMultiple(of: 2) ? UInt8(25) : 2 }
        #expect(try Packet(datagram(many)).attributes.count == PacketLimits.maximumAttributes)
        #expect(throws: RADIUSError(.tooManyAttributes)) { try Packet(datagram(many + [25, 2])) }
    }

    @Test func `ignores octets behind Length (RFC 2865 §3)`() throws {
        let padded = datagram([1, 3, 0x61]) + [1, 0, 0]
        try padded.withPacketView { view in
            #expect(view.bytes.count == 23)
            #expect(view.attributeCount == 1)
        }
        #expect(throws: RADIUSError(.attributeTooShort)) { try Packet(datagram([1, 3, 0x61, 1, 0, 0])) }
    }

    @Test func `finds the first attribute of each type, and says when there is none`() throws {
        let octets = datagram([25, 3, 1, 44, 3, 0x61, 25, 3, 2, 255, 2])
        try octets.withPacketView { view in
            #expect(view.first(.classValue)?.octets == [1])
            #expect(view.first(.acctSessionID)?.text == "a")
            #expect(view.first(AttributeType(rawValue: 255))?.octets == [])
            #expect(view.first(.userName) == nil)
            #expect(view.first(AttributeType(rawValue: 0)) == nil)
            #expect(view.attributes.map(\.type.rawValue) == [25, 44, 25, 255])
        }
    }

    @Test func `reads the header`() throws {
        try datagram([]).withPacketView { view in
            #expect(view.code == .accessRequest)
            #expect(view.identifier == 7)
            #expect(view.authenticator.bytes == [UInt8](repeating: 0xa5, count: 16))
        }
    }

    @Test func `an error names the octet and compares by its code`() {
        let error = #expect(throws: RADIUSError.self) { try Packet(datagram([1, 3, 0x61, 4, 9])) }
        #expect(error == RADIUSError(.attributeOverrun))
        #expect(error?.description == "attributeOverrun at octet 23")
        #expect(error != RADIUSError(.attributeTooShort, at: 23))
    }

    @Test func `readers answer nil for a value of another length`() throws {
        let octets = datagram([5, 6, 0, 0, 1, 2, 6, 5, 0, 0, 1, 168, 6, 1, 2, 3, 4, 96, 10, 0, 0, 0, 0, 0, 0, 1, 0])
        try octets.withPacketView { view in
            #expect(view.first(.nasPort)?.uint32 == 258)
            #expect(view.first(.nasPort)?.ipv4 == [0, 0, 1, 2])
            #expect(view.first(.nasPort)?.uint64 == nil)
            #expect(view.first(.serviceType)?.uint32 == nil)
            #expect(view.first(.serviceType)?.ipv4 == nil)
            #expect(view.first(.framedIPv6Address)?.ipv6 == nil)
            #expect(view.first(.framedInterfaceID)?.uint64 == 256)
        }
    }

    @Test func `text is UTF-8 or nil, without trailing NULs`() throws {
        let octets = datagram([1, 6, 0x62, 0x6f, 0x62, 0, 18, 4, 0xff, 0xfe, 32, 3, 0, 30, 5, 0, 0x61, 0])
        try octets.withPacketView { view in
            #expect(view.first(.userName)?.text == "bob")
            #expect(view.first(.replyMessage)?.text == nil)
            #expect(view.first(.nasIdentifier)?.text == "")
            #expect(view.first(.calledStationID)?.text == "\0a")
            #expect(view.first(.userName)?.holds(Array("bob\0".utf8)) == true)
            #expect(view.first(.userName)?.holds(Array("bob".utf8)) == false)
        }
    }

    @Test func `a 64-bit counter joins octets and gigawords (RFC 2869 §5.1)`() throws {
        let octets = datagram([42, 6, 255, 255, 255, 255, 52, 6, 0, 0, 0, 2, 43, 6, 0, 0, 0, 9, 53, 5, 0, 0, 1])
        try octets.withPacketView { view in
            #expect(view.octetCount(.acctInputOctets, gigawords: .acctInputGigawords) == 0x2_ffff_ffff)
            #expect(view.octetCount(.acctOutputOctets, gigawords: .acctOutputGigawords) == 9)
            #expect(view.octetCount(.acctInputPackets, gigawords: .acctInputGigawords) == nil)
        }
    }
}
