import OpenSSL
import Testing

/// The published vectors of each digest, whole and through a reused context.
@Suite struct DigestTests {
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func `MD5 gives the digests of RFC 1321 §A.5`(message: String, digest: String) throws {
        #expect(Hex.encode(Digest.md5(Array(message.utf8))) == digest)
        let context = try MD5Context()
        for _ in 0..<2 {
            context.update(Array(message.utf8))
            #expect(Hex.encode(context.finish()) == digest)
        }
    }

    @Test func `SHA-256 gives the digests of FIPS 180-4`() {
        #expect(
            Hex.encode(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(Digest.sha256([]))
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `HMAC-MD5 gives the codes of RFC 2202 §2, with keys up to, of and beyond a block`() throws {
        let what = Array("what do ya want for nothing?".utf8)
        #expect(Hex.encode(Digest.hmacMD5(key: Array("Jefe".utf8), what)) == "750c783e6ab0b503eaa86e310a5db738")
        let long = [UInt8](repeating: 0xaa, count: 80)
        let larger = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(Hex.encode(Digest.hmacMD5(key: long, larger)) == "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd")
        let context = try HMACMD5Context(key: Array("Jefe".utf8))
        for _ in 0..<2 {
            context.update(Array(what[..<5]))
            context.update(Array(what[5...]))
            #expect(Hex.encode(context.finish()) == "750c783e6ab0b503eaa86e310a5db738")
        }
    }

    @Test func `HMAC-SHA-256 gives the codes of RFC 4231`() throws {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        let what = Array("what do ya want for nothing?".utf8)
        #expect(Hex.encode(Digest.hmacSHA256(key: Array("Jefe".utf8), what)) == expected)
        let context = try HMACSHA256Context(key: Array("Jefe".utf8))
        context.update(what)
        #expect(Hex.encode(context.finish()) == expected)
        let long = [UInt8](repeating: 0xaa, count: 131)
        #expect(
            Hex.encode(
                Digest.hmacSHA256(
                    key: long, Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func `a context refuses a buffer one octet too short, and works on`() throws {
        let context = try MD5Context()
        var short = [UInt8](repeating: 0, count: 15)
        context.update(Array("abc".utf8))
        #expect(!short.withUnsafeMutableBytes { context.finish(into: $0) })
        context.update(Array("abc".utf8))
        #expect(Hex.encode(context.finish()) == "900150983cd24fb0d6963f7d28e17f72")
    }

    @Test func `an empty message is a message`() throws {
        #expect(try Hex.encode(MD5Context().finish()) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(Hex.encode(Digest.hmacMD5(key: [], [])) == "74e6f7298a9c2d168935f58c001bad88")
        #expect(try HMACMD5Context(key: []).finish() == Digest.hmacMD5(key: [], []))
    }

    @Test func `libcrypto offers every digest`() throws { try Digest.verifyAvailability() }

    @Test func `equal octets compare equal, and only they`() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
        #expect(!constantTimeEqual([], [0]))
    }
}
