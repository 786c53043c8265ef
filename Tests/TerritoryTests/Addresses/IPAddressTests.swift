import Testing

@testable import Territory

struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("fe80:0:0:0:0:0:0:1", "fe80::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `reads RFC 4291 and writes RFC 5952`(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1.1", "192.0.2.-1", "192.0.2.+1", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", ":::", "::1%eth0", "[::1]", "1:2:3:4:5:6:7:8::", "::g", "1:", ":1",
        "192.0.2.1::", "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2.1:1",
    ])
    func `refuses what is not an address`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `sees the IPv4 address that a dual-stack socket shows`() {
        #expect(IPAddress("::ffff:192.0.2.1")?.unmapped == IPAddress("192.0.2.1"))
        #expect(IPAddress("2001:db8::1")?.unmapped == IPAddress("2001:db8::1"))
    }

    @Test func `clears the bits past a prefix's length`() throws {
        #expect(IPPrefix("10.1.2.3/16")?.description == "10.1.0.0/16")
        #expect(IPPrefix("2001:db8:ffff::1/33")?.description == "2001:db8:8000::/33")
        #expect(IPPrefix("2001:db8::ffff:1/112")?.description == "2001:db8::ffff:0/112")
        #expect(IPPrefix("10.1.2.3")?.description == "10.1.2.3/32")
        #expect(IPPrefix("0.0.0.0/0")?.contains(IPAddress(v4: .max)) == true)
        #expect(try !#require(IPPrefix("0.0.0.0/0")).contains(#require(IPAddress("::1"))))
    }

    @Test(arguments: ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "/8", "10.0.0.0/8/8", "x/8"])
    func `refuses what is not a prefix`(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test func `finds the longest prefix`() throws {
        var table = PrefixTable<Int>()
        table[try #require(IPPrefix("10.0.0.0/8"))] = 8
        table[try #require(IPPrefix("10.1.0.0/16"))] = 16
        table[try #require(IPPrefix("10.1.2.3"))] = 32
        table[try #require(IPPrefix("2001:db8::/32"))] = 6
        #expect(table.longestMatch(try #require(IPAddress("10.1.2.3"))) == 32)
        #expect(table.longestMatch(try #require(IPAddress("10.1.2.4"))) == 16)
        #expect(table.longestMatch(try #require(IPAddress("10.2.0.1"))) == 8)
        #expect(table.longestMatch(try #require(IPAddress("11.0.0.1"))) == nil)
        #expect(table.longestMatch(try #require(IPAddress("2001:db8:1::1"))) == 6)
        #expect(table.count == 4)
        table[try #require(IPPrefix("10.1.0.0/16"))] = nil
        #expect(table.longestMatch(try #require(IPAddress("10.1.2.4"))) == 8)
        #expect(table.count == 3)
        table[try #require(IPPrefix("0.0.0.0/0"))] = 0
        #expect(table.longestMatch(try #require(IPAddress("11.0.0.1"))) == 0)
    }
}
