import OpenSSL
import Testing

@Suite struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func `base 32 as RFC 4648 §10, lowercase and without padding`(plain: String, text: String) {
        #expect(Base32.encode(Array(plain.utf8)) == text)
        #expect(Base32.decode(text) == Array(plain.utf8))
        #expect(Base32.decode(text.uppercased()) == Array(plain.utf8))
    }

    @Test(arguments: ["a", "mzx", "mzxw6y", "mz", "m0", "my======", "mzxw6ytbo!", "é"])
    func `base 32 refuses impossible lengths, stray bits and other characters`(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test func `hexadecimal both ways`() {
        #expect(Hex.encode([0x00, 0x9f, 0xff] as [UInt8]) == "009fff")
        #expect(Hex.decode("009FfF") == [0x00, 0x9f, 0xff])
        #expect(Hex.decode("") == [])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode("0 ") == nil)
    }

    @Test func `random octets have the asked length and do not repeat`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(-1).isEmpty)
        #expect(SecureRandom.bytes(20).count == 20)
        #expect(SecureRandom.bytes(16) != SecureRandom.bytes(16))
    }
}
