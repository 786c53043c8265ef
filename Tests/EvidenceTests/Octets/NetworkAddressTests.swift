import Testing

@testable import Evidence

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        ("20010db8000000000000000000000001", "2001:db8::1"), ("00000000000000000000000000000000", "::"),
        ("20010db8000000010000000000000001", "2001:db8:0:1::1"), ("00010000000000000001000000000000", "1::1:0:0:0"),
        ("00000000000000000000ffffc0000201", "192.0.2.1"), ("fe80000000000000020000fffe000001", "fe80::200:ff:fe00:1"),
        ("00010002000300040005000600070000", "1:2:3:4:5:6:7:0"), ("00010002000300040005000600000000", "1:2:3:4:5:6::"),
    ])
    func `an address is written as RFC 5952 asks`(hexadecimal: String, text: String) throws {
        let octets = try #require(Hexadecimal.octets(hexadecimal))
        let address = try #require(NetworkAddress(octets: octets))
        #expect(address.description == text)
        #expect(address.octets == octets)
    }

    @Test func `four octets are an IPv4 address and five are none`() {
        #expect(NetworkAddress(octets: [192, 0, 2, 1]) == NetworkAddress(v4: 0xc000_0201))
        #expect(NetworkAddress(octets: [192, 0, 2, 1])?.v4 == 0xc000_0201)
        #expect(NetworkAddress(octets: [1, 2, 3, 4, 5]) == nil)
    }
}
