import Territory
import Testing

@testable import socle

@Suite struct PasswordHashTests {
    @Test func `hashes with yescrypt, a new salt each time, and recognises the password`() throws {
        let one = try #require(PasswordHash.yescrypt("élu de la commune"))
        let other = try #require(PasswordHash.yescrypt("élu de la commune"))
        #expect(one.text?.hasPrefix("$y$") == true)
        #expect(one != other)
        #expect(PasswordHash.matches("élu de la commune", one))
        #expect(!PasswordHash.matches("elu de la commune", one))
    }

    @Test func `takes 511 octets and refuses 512, none, and a zero octet`() {
        #expect(PasswordHash.yescrypt(String(repeating: "a", count: 511)) != nil)
        #expect(PasswordHash.yescrypt(String(repeating: "a", count: 512)) == nil)
        #expect(PasswordHash.yescrypt("") == nil)
        #expect(PasswordHash.yescrypt("a\0b") == nil)
    }

    @Test func `a hash that is none matches nothing`() {
        #expect(!PasswordHash.matches("", Secret(text: "")))
        #expect(!PasswordHash.matches("a", Secret(text: "*0")))
    }
}
