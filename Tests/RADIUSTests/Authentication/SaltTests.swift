import RADIUS
import Testing

/// Salted values (RFC 2868 §3.5, RFC 2548 §2.4.2). Octets that an independent program salted are in `packets.vectors`.
@Suite struct SaltTests {
    private let secret: SharedSecret
    private let authenticator = Authenticator.random()

    init() throws { secret = try SharedSecret(Array("xyzzy5461".utf8)) }

    private func reveal(_ hidden: [UInt8], with secret: SharedSecret? = nil) throws(RADIUSError) -> [UInt8] {
        let secret = secret ?? self.secret
        return try hidden.withUnsafeBufferPointer { buffer throws(RADIUSError) in
            try secret.reveal(salted: UnsafeRawBufferPointer(buffer), authenticator: authenticator)
        }
    }

    @Test(arguments: [0, 1, 14, 15, 16, 30, 31, 32, 47, 48, 238, 239])
    func `reveals what was salted, up to 239 octets, NULs included`(count: Int) throws {
        let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 3 * 85) }
        let hidden = try secret.hide(salted: value, salt: 0x8001, authenticator: authenticator)
        #expect(hidden.count == 2 + (count + 1 + 15) / 16 * 16)
        #expect(try reveal(hidden) == value)
    }

    @Test func `refuses to salt 240 octets`() {
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try secret.hide(salted: [UInt8](repeating: 1, count: 240), salt: 1, authenticator: authenticator)
        }
    }

    @Test(arguments: [0, 1, 2, 16, 17, 19, 33, 241, 243, 258])
    func `refuses a length that is not a salt and 16, 32 … 240 octets`(count: Int) {
        #expect(throws: RADIUSError(.saltedValueLength)) { try reveal([UInt8](repeating: 1, count: count)) }
    }

    @Test func `the salt's highest bit is set, and a clear one tolerated`() throws {
        let hidden = try secret.hide(salted: [1], salt: 0, authenticator: authenticator)
        #expect(Array(hidden.prefix(2)) == [0x80, 0])
        #expect((try? reveal([0, 7] + hidden.dropFirst(2))) != [1])
    }

    @Test func `a length that reaches beyond the blocks is refused: 15 fits and 16 does not`() throws {
        let hidden = try secret.hide(
            salted: [UInt8](repeating: 7, count: 15), salt: 0x9000, authenticator: authenticator)
        // The first octet of the plain text is the length: 15 ^ 16 = 31, 15 ^ 31 = 16.
        for mask: UInt8 in [15 ^ 16, 15 ^ 255] {
            var altered = hidden
            altered[2] ^= mask
            #expect(throws: RADIUSError(.saltedValueMalformed)) { try reveal(altered) }
        }
    }

    @Test func `salts of one packet differ, and so do their hidden octets`() throws {
        let request = try secret.accessRequest(identifier: 1, attributes: [])
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) { writer in
            for _ in 0..<50 { writer.append(vendor: 14823, type: 44, salted: [1, 2, 3], secret: secret) }
        }
        let values = try Packet(reply).all(.vendorSpecific).map { Array($0.value.dropFirst(6)) }
        #expect(values.count == 50)
        #expect(Set(values.map { Array($0.prefix(2)) }).count == 50)
        #expect(Set(values.map { Array($0.dropFirst(2)) }).count == 50)
        #expect(values.allSatisfy { $0[0] & 0x80 != 0 })
    }
}
