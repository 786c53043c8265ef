import OpenSSL
import Testing

@testable import EAP

@Suite struct AVPTests {
    static let vectors: [(String, [AVP])] = [
        ("", []),
        ("000000014000000c616e6e65", [AVP(.userName, Array("anne".utf8))]),
        ("000000014000000b626f6200", [AVP(.userName, Array("bob".utf8))]),
        (
            "00000001400000096100000000000019c000000d00000137ff000000",
            [AVP(.userName, [0x61]), AVP(.mschap2Response, [0xff])]
        ),
        ("0000001200000008", [AVP(.replyMessage, [], isMandatory: false)]),
    ]

    @Test(arguments: vectors) func `reads and writes the same octets (RFC 5281 §10.1)`(hex: String, avps: [AVP]) throws
    {
        let octets = try #require(Hex.decode(hex))
        #expect(try AVP.decode(octets) == avps)
        #expect(avps.flatMap { $0.encoded() } == octets)
    }

    @Test func `the padding of the last AVP may be missing`() throws {
        let octets = try #require(Hex.decode("000000014000000b626f62"))
        #expect(try AVP.decode(octets) == [AVP(.userName, Array("bob".utf8))])
    }

    @Test(arguments: [
        "00", "00000001400000", "0000000140000007", "000000014000000d616e6e65", "00000019c000000b000001",
        "000000014000000c616e6e65ff", "0000000140ffffff",
    ])
    func `refuses a length below its header or beyond the message`(hex: String) throws {
        let octets = try #require(Hex.decode(hex))
        #expect(throws: EAPError(.avpMalformed)) { try AVP.decode(octets) }
    }

    @Test func `reads 64 AVPs and refuses 65`() throws {
        let one = AVP(.userName, [1, 2, 3, 4]).encoded()
        #expect(try AVP.decode(Array(repeatElement(one, count: 64).joined())).count == 64)
        #expect(throws: EAPError(.avpMalformed)) { try AVP.decode(Array(repeatElement(one, count: 65).joined())) }
    }
}
