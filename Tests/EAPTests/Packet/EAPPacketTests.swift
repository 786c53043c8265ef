import EAP
import OpenSSL
import Testing

@Suite struct EAPPacketTests {
    static let vectors: [(String, EAPPacket)] = [
        ("0101000501", .request(identifier: 1, .identity, data: [])),
        ("020700090161406263", .response(identifier: 7, .identity, data: Array("a@bc".utf8))),
        ("010200061520", .request(identifier: 2, .ttls, data: [0x20])),
        ("02020007030d19", .response(identifier: 2, .nak, data: [13, 25])),
        ("03ff0004", .success(identifier: 255)),
        ("04000004", .failure(identifier: 0)),
        (
            "0203000dfe0000090000000101", .response(identifier: 3, EAPMethod(vendor: 9, number: 1), data: [1])
        ),
        (
            "0203000cfe000137000001ff", .response(identifier: 3, EAPMethod(vendor: 311, number: 511), data: [])
        ),
    ]

    @Test(arguments: vectors)
    func `reads and writes the same octets (RFC 3748 §4)`(hex: String, packet: EAPPacket)
        throws
    {
        let octets = try #require(Hex.decode(hex))
        #expect(try EAPPacket(decoding: octets) == packet)
        #expect(packet.encoded() == octets)
    }

    @Test(arguments: [
        ("010100", EAPError.Code.packetTooShort),
        ("", .packetTooShort),
        ("01010003", .lengthInvalid),
        ("01010004", .lengthInvalid),
        ("0101000601", .lengthInvalid),
        ("0301000500", .resultWithData),
        ("0001000501", .unknownCode),
        ("0501000501", .unknownCode),
        ("0103000bfe00000900000001", .expandedTypeTruncated),
    ])
    func `refuses a malformed packet for its reason`(hex: String, code: EAPError.Code) throws {
        let octets = try #require(Hex.decode(hex))
        #expect(throws: EAPError(code)) { try EAPPacket(decoding: octets) }
    }

    @Test func `ignores octets beyond its Length (RFC 3748 §4)`() throws {
        #expect(try EAPPacket(decoding: [2, 1, 0, 5, 1, 9, 9]) == .response(identifier: 1, .identity, data: []))
    }

    @Test func `reads 4096 octets and refuses 4097`() throws {
        let octets = { (count: Int) in
            [2, 1, UInt8(count >> 8), UInt8(count & 0xff)] + [UInt8](repeating: 1, count: count - 4)
        }
        #expect(throws: Never.self) { try EAPPacket(decoding: octets(4096)) }
        #expect(throws: EAPError(.packetTooLong)) { try EAPPacket(decoding: octets(4097)) }
    }

    @Test func `an Expanded type of the IETF's is that type (RFC 3748 §5.7)`() throws {
        let octets = try #require(Hex.decode("0203000cfe00000000000015"))
        #expect(try EAPPacket(decoding: octets) == .response(identifier: 3, .ttls, data: []))
    }

    @Test func `a Nak lists types in the peer's order, and 0 for none (RFC 3748 §5.3.1)`() throws {
        #expect(try EAPNak(legacy: [25, 254, 13]).desired == [.peap, .tls])
        #expect(try EAPNak(legacy: [0]).desired == [])
        #expect(EAPNak(desired: [.tls, .peap]).legacyData == [13, 25])
        #expect(EAPNak(desired: []).legacyData == [0])
        #expect(throws: EAPError(.nakMalformed)) { try EAPNak(legacy: []) }
    }

    @Test(arguments: [
        ("anne@college-x.fr", "anne", "college-x.fr"), ("@Realm.FR", "", "realm.fr"), ("anne", "anne", nil),
        ("anne@", "anne", nil), ("a@b@c.fr", "a@b", "c.fr"), ("", "", nil),
    ])
    func `an identity is split at its last at sign (RFC 7542 §2.2)`(text: String, user: String, realm: String?) throws {
        let identity = try EAPIdentity(decoding: Array(text.utf8))
        #expect((identity.text, identity.user, identity.realm) == (text, user, realm))
    }

    @Test func `an identity has at most 253 octets of UTF-8 without NUL (RFC 3748 §5.1)`() throws {
        let letters = { (count: Int) in [UInt8](repeating: 0x61, count: count) }
        #expect(throws: Never.self) { try EAPIdentity(decoding: letters(253)) }
        for wrong in [letters(254), [0x61, 0], [0xc3, 0x28]] {
            #expect(throws: EAPError(.identityMalformed)) { try EAPIdentity(decoding: wrong) }
        }
    }

    @Test func `the size of packets follows Framed-MTU within its bounds (RFC 3579 §2.4)`() {
        #expect(EAPLimits.fragmentSize(framedMTU: nil) == 1020)
        #expect(EAPLimits.fragmentSize(framedMTU: 1300) == 1296)
        #expect(EAPLimits.fragmentSize(framedMTU: 1404) == 1400)
        #expect(EAPLimits.fragmentSize(framedMTU: 9000) == 1400)
        #expect(EAPLimits.fragmentSize(framedMTU: 104) == 100)
        #expect(EAPLimits.fragmentSize(framedMTU: 64) == 100)
        #expect(EAPLimits.fragmentSize(framedMTU: .min) == 100)
    }
}
