import Foundation
import NetworkLogs
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        "192.0.2.1", "255.255.255.255", "0.0.0.1", "::1", "2001:db8::1", "2001:db8:1:2:3:4:5:6", "1::", "::2:3",
        "2001:db8:0:1:1:1:1:1", "fe80::1:0:0:1", "1:0:0:2::3", "1:0:0:2:3:0:0:4",
    ])
    func `reads an address and writes it as RFC 5952 does`(text: String) {
        let address = NetworkAddress(text)
        // Of two runs of zeros the longest, of equals the first, is cut out.
        let written = ["1:0:0:2:3:0:0:4": "1::2:3:0:0:4", "fe80::1:0:0:1": "fe80::1:0:0:1"][text] ?? text
        #expect(address?.description == written)
    }

    @Test func `IPv4 in IPv6, capitals and what says nothing`() {
        #expect(NetworkAddress("::ffff:192.0.2.1") == NetworkAddress(ipv4: 0xc000_0201))
        #expect(NetworkAddress("64:ff9b::192.0.2.1")?.description == "64:ff9b::c000:201")
        #expect(NetworkAddress("2001:DB8::A")?.description == "2001:db8::a")
        #expect(NetworkAddress("::") == NetworkAddress.none)
        #expect(NetworkAddress("0.0.0.0") == NetworkAddress.none)
        #expect(NetworkAddress("::ffff:0.0.0.0") == NetworkAddress.none)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.4444", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4 ", ":", ":::",
        "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "[::1]",
        "1:2:3:4:5:6:7:8::", "1:", ":1", "-1.2.3.4",
    ])
    func `refuses what is none`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    /// Against the C library, over addresses of every shape.
    @Test func `reads and writes as inet_pton and inet_ntop do`() {
        var generator = SplitMix(seed: 7)
        for _ in 0..<20_000 {
            var octets = (0..<16).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            // Runs of zeros, which are what can go wrong.
            for index in 0..<8 where generator.next() % 2 == 0 { (octets[2 * index], octets[2 * index + 1]) = (0, 0) }
            if octets[..<12].allSatisfy({ $0 == 0 }) { continue }
            var text = [CChar](repeating: 0, count: 64)
            guard inet_ntop(AF_INET6, octets, &text, 64) != nil else { continue }
            let written = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let high = octets[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = octets[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(NetworkAddress(written) == NetworkAddress(high: high, low: low), "\(written)")
            #expect(NetworkAddress(high: high, low: low).description == written)
        }
    }

    @Test func `orders IPv4 as it is counted`() throws {
        let texts = ["9.0.0.0", "10.0.0.1", "10.0.0.2", "192.0.2.1", "2001:db8::1"]
        let addresses = texts.compactMap { NetworkAddress($0) }
        #expect(addresses.count == 5 && addresses.sorted() == addresses)
        #expect(NetworkAddress("10.0.0.1")?.ipv4 == 0x0a00_0001)
        #expect(NetworkAddress("2001:db8::1")?.ipv4 == nil)
    }

    @Test func `a made-up hardware address is told by its second bit`() {
        #expect(MACAddress(value: 0x0200_5e00_0001).isLocallyAdministered)
        #expect(!MACAddress(value: 0x0000_5e00_0001).isLocallyAdministered)
        #expect(MACAddress(value: 0xffff_0200_5e00_0001).description == "02:00:5e:00:00:01")
    }

    @Test func `a block's ports are those of its step (RFC 8158)`() {
        let block = PortRange(first: 1024, last: 2047, step: 4)
        #expect(block.contains(1024) && block.contains(1028) && !block.contains(1025) && !block.contains(2048))
        #expect(block.description == "1024-2047/4" && PortRange(80).description == "80")
        #expect(PortRange(first: 0, last: 1023).isNone == false && PortRange.none.isNone)
        #expect(PortRange(first: 10, last: 20, step: 0).contains(11))
    }
}

/// Numbers that look like chance and are the same each time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
