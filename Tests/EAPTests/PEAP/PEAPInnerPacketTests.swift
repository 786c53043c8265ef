import OpenSSL
import Testing

@testable import EAP

@Suite struct PEAPInnerPacketTests {
    @Test func `a method's packet has no header (draft-kamath-pppext-peapv0 §1.1)`() throws {
        let packet = PEAPInnerPacket.method(.identity, data: Array("anne".utf8))
        #expect(packet.encoded(code: .response, identifier: 9) == [1] + Array("anne".utf8))
        #expect(try PEAPInnerPacket(decoding: [1] + Array("anne".utf8), code: .response) == packet)
    }

    @Test func `a Result keeps its header`() throws {
        let octets = try #require(Hex.decode("0109000b21800300020001"))
        #expect(PEAPInnerPacket.result(isSuccess: true).encoded(code: .request, identifier: 9) == octets)
        #expect(try PEAPInnerPacket(decoding: octets, code: .request) == .result(isSuccess: true))
    }

    @Test func `reads a packet that kept its header`() throws {
        let whole = EAPPacket.response(identifier: 4, .identity, data: Array("anne".utf8)).encoded()
        #expect(
            try PEAPInnerPacket(decoding: whole, code: .response) == .method(.identity, data: Array("anne".utf8)))
    }

    @Test(arguments: [
        "", "00", "21", "0209000a218003000200", "02090007218003", "02090005" + "21", "0209000b21800300020003",
        "0209000b218003000300" + "01", "0209000f21800c000000" + "0000" + "000000", "fe000000",
    ])
    func `refuses what is neither`(hex: String) throws {
        let octets = try #require(Hex.decode(hex))
        #expect(throws: EAPError(.innerPacketInvalid)) { try PEAPInnerPacket(decoding: octets, code: .response) }
    }

    @Test func `an optional TLV is passed over`() throws {
        let octets = try #require(Hex.decode("0209001121" + "000c0002ffff" + "800300020002"))
        #expect(try PEAPInnerPacket(decoding: octets, code: .response) == .result(isSuccess: false))
    }
}
