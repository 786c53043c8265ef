import OpenSSL
import Testing

@Suite struct LegacyAlgorithmsTests {
    @Test(arguments: [
        ("", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        ("abc", "a448017aaf21d8525fc10ae87aa6729d"),
        ("message digest", "d9130a8164549fe818874806e1c7014b"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "e33b4ddc9c38f2199c3e7b164fcc0536"
        ),
    ])
    func `MD4 gives the digests of RFC 1320 §A.5`(message: String, digest: String) throws {
        #expect(try Hex.encode(LegacyAlgorithms.md4(Array(message.utf8))) == digest)
    }

    @Test func `SHA-1 gives the digest of FIPS 180-4's example`() throws {
        #expect(
            try Hex.encode(LegacyAlgorithms.sha1(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test(arguments: [
        ("133457799bbcdff1", "0123456789abcdef", "85e813540f0ab405"),
        ("0101010101010101", "8000000000000000", "95f8a5e5dd31d900"),
    ])
    func `DES gives known blocks`(key: String, plain: String, cipher: String) throws {
        let key = try #require(Hex.decode(key))
        let plain = try #require(Hex.decode(plain))
        #expect(try Hex.encode(LegacyAlgorithms.desEncrypt(key: key, block: plain)) == cipher)
        let otherParity = key.map { $0 ^ 1 }
        #expect(try Hex.encode(LegacyAlgorithms.desEncrypt(key: otherParity, block: plain)) == cipher)
    }

    @Test(arguments: [7, 9]) func `DES refuses a key or a block of another length`(length: Int) {
        let wrong = [UInt8](repeating: 0, count: length)
        let right = [UInt8](repeating: 0, count: 8)
        #expect(throws: OpenSSLError(.keyLength, "")) {
            try LegacyAlgorithms.desEncrypt(key: wrong, block: right)
        }
        #expect(throws: OpenSSLError(.messageLength, "")) {
            try LegacyAlgorithms.desEncrypt(key: right, block: wrong)
        }
    }

    @Test func `libcrypto offers all of them`() throws { try LegacyAlgorithms.verifyAvailability() }
}
