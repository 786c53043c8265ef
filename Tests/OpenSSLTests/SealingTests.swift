import OpenSSL
import Testing

@Suite struct SealingTests {
    private let key = [UInt8](0..<32)
    private let secret = Array("mot de passe du point d'accès".utf8)
    private let place = Array("nas:7".utf8)

    @Test(arguments: [0, 1, 15, 16, 17, 4096])
    func `opens what it sealed, of any length`(count: Int) throws {
        let plaintext = SecureRandom.bytes(count)
        let sealed = try AESGCM.seal(plaintext, key: key, associatedData: place)
        #expect(sealed.count == count + AESGCM.nonceLength + AESGCM.tagLength)
        #expect(try AESGCM.open(sealed, key: key, associatedData: place) == plaintext)
    }

    @Test func `opens a message of NIST's GCM test vectors (gcmEncryptExtIV256, 96-bit IV)`() throws {
        let key = try #require(Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let data = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let sealed = try #require(
            Hex.decode(
                "cafebabefacedbaddecaf888"
                    + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b"))
        let plaintext = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"))
        #expect(try AESGCM.open(sealed, key: key, associatedData: data) == plaintext)
    }

    @Test func `every altered bit, another key and other associated data are refused`() throws {
        let sealed = try AESGCM.seal(secret, key: key, associatedData: place)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: OpenSSLError(.authenticationFailed, "")) {
                try AESGCM.open(altered, key: key, associatedData: place)
            }
        }
        #expect(throws: OpenSSLError(.authenticationFailed, "")) {
            try AESGCM.open(sealed, key: [UInt8](1..<33), associatedData: place)
        }
        #expect(throws: OpenSSLError(.authenticationFailed, "")) {
            try AESGCM.open(sealed, key: key, associatedData: Array("nas:8".utf8))
        }
    }

    @Test func `a sealed message of 27 octets is refused and one of 28 is opened`() throws {
        let empty = try AESGCM.seal([], key: key, associatedData: [])
        #expect(try AESGCM.open(empty, key: key, associatedData: []) == [])
        #expect(throws: OpenSSLError(.messageLength, "")) {
            try AESGCM.open(Array(empty.dropLast()), key: key, associatedData: [])
        }
        #expect(throws: OpenSSLError(.messageLength, "")) { try AESGCM.open([], key: key, associatedData: []) }
    }

    @Test func `keys and vectors of other lengths are refused`() {
        #expect(throws: OpenSSLError(.keyLength, "")) {
            try AESGCM.seal(secret, key: [UInt8](repeating: 0, count: 31), associatedData: [])
        }
        #expect(throws: OpenSSLError(.keyLength, "")) {
            try AESCBC.encrypt(secret, key: [UInt8](repeating: 0, count: 33), iv: [UInt8](repeating: 0, count: 16))
        }
        #expect(throws: OpenSSLError(.vectorLength, "")) {
            try AESCBC.decrypt([UInt8](repeating: 0, count: 16), key: key, iv: [UInt8](repeating: 0, count: 15))
        }
    }

    @Test func `two seals of one plaintext differ`() throws {
        let first = try AESGCM.seal(secret, key: key, associatedData: [])
        #expect(try first != AESGCM.seal(secret, key: key, associatedData: []))
    }

    @Test func `CBC encrypts as NIST SP 800-38A §F.2.5 and pads as PKCS#7`() throws {
        let key = try #require(Hex.decode("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))
        let iv = try #require(Hex.decode("000102030405060708090a0b0c0d0e0f"))
        let plaintext = try #require(Hex.decode("6bc1bee22e409f96e93d7e117393172a"))
        let encrypted = try AESCBC.encrypt(plaintext, key: key, iv: iv)
        #expect(encrypted.count == 32)
        #expect(Hex.encode(encrypted[..<16]) == "f58c4c04d6e5f1ba779eabfb5f7bfbd6")
        #expect(try AESCBC.decrypt(encrypted, key: key, iv: iv) == plaintext)
        #expect(throws: OpenSSLError(.paddingInvalid, "")) {
            try AESCBC.decrypt(Array(encrypted[..<16]), key: key, iv: iv)
        }
    }

    @Test(arguments: [0, 1, 15, 17])
    func `CBC refuses what is no whole number of blocks`(count: Int) {
        #expect(throws: OpenSSLError(.messageLength, "")) {
            try AESCBC.decrypt(
                [UInt8](repeating: 0, count: count), key: key, iv: [UInt8](repeating: 0, count: 16))
        }
    }

    @Test func `errors are equal by their code and print no key`() {
        #expect(OpenSSLError(.keyLength, "a") == OpenSSLError(.keyLength, "b"))
        #expect(OpenSSLError(.keyLength, "a") != OpenSSLError(.vectorLength, "a"))
        #expect(OpenSSLError(.keyLength, "AES-256-GCM seal").description == "AES-256-GCM seal: keyLength")
    }
}
