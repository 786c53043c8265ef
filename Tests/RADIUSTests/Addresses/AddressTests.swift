import RADIUS
import Testing

/// Addresses and ports in accounting.
@Suite struct AddressTests {
    private let dictionary: AttributeDictionary

    init() throws { dictionary = try ProjectFiles.shippedDictionary() }

    private func ranges(_ name: String, _ texts: [String]) throws -> [PortRange] {
        let attributes = try texts.flatMap { try dictionary.attributes(name, $0) }
        return try Packet(.accountingRequest, identifier: 1, attributes: attributes).encoded().withPacketView {
            $0.portRanges()
        }
    }

    @Test func `a range of ports is read with its addresses (RFC 8045 §3.1.2)`() throws {
        let text = """
            {IP-Port-Alloc = Allocation, IP-Port-Range-Start = 1024, IP-Port-Range-End = 2047, \
            IP-Port-Ext-IPv4-Addr = 192.0.2.1, IP-Port-Type = 1, IP-Port-Local-Id = "vlan20"}
            """
        let range = try #require(try ranges("IP-Port-Range", [text]).first)
        #expect(range.event == .allocated && range.ports == 1024...2047 && range.portType == 1)
        #expect(range.externalAddress == [192, 0, 2, 1] && range.internalAddress == nil)
        #expect(range.localID == Array("vlan20".utf8))
    }

    @Test func `a forwarding map is one port (RFC 8045 §3.1.3)`() throws {
        let texts = [
            "{IP-Port-Int-Port = 80, IP-Port-Ext-Port = 8080, IP-Port-Int-IPv4-Addr = 10.0.0.1}",
            "{IP-Port-Int-Port = 80, IP-Port-Ext-Port = 8080, IP-Port-Int-IPv6-Addr = 2001:db8::1}",
        ]
        let found = try ranges("IP-Port-Forwarding-Map", texts)
        #expect(found.map(\.ports) == [8080...8080, 8080...8080])
        #expect(found.map(\.internalPort) == [80, 80] && found.allSatisfy { $0.event == .none })
        #expect(found.map { $0.internalAddress?.count } == [4, 16])
    }

    @Test(arguments: [
        ("{IP-Port-Range-Start = 65535, IP-Port-Range-End = 65535}", 1),
        ("{IP-Port-Range-Start = 0, IP-Port-Range-End = 65535}", 1),
        ("{IP-Port-Range-Start = 2, IP-Port-Range-End = 1}", 0),
        ("{IP-Port-Range-Start = 1, IP-Port-Range-End = 65536}", 0),
        ("{IP-Port-Range-Start = 1}", 0), ("{IP-Port-Ext-Port = 1}", 0), ("0x0903ff", 0), ("0x09", 0),
    ])
    func `a range has two ends in order, below 65536`(text: String, count: Int) throws {
        #expect(try ranges("IP-Port-Range", [text]).count == count)
    }

    @Test func `a deallocation is told, an unknown event is none`() throws {
        let ends = "IP-Port-Range-Start = 1, IP-Port-Range-End = 2"
        let found = try ranges(
            "IP-Port-Range", ["{IP-Port-Alloc = Deallocation, \(ends)}", "{IP-Port-Alloc = 3, \(ends)}"])
        #expect(found.map(\.event) == [.deallocated, .none])
        #expect(PortRange(ExtendedAttribute(.ipPortLimitInfo, [1, 2])) == nil)
    }

    @Test func `IPv6 addresses and prefixes of a session are read, broken ones left out`() throws {
        let texts = [
            ("Framed-IPv6-Address", "2001:db8::1"), ("Framed-IPv6-Prefix", "2001:db8:1::/48"),
            ("Framed-IPv6-Address", "2001:db8::2"), ("Delegated-IPv6-Prefix", "2001:db8:2::/56"),
            ("Framed-Interface-Id", "0200:5eff:fe00:0001"), ("Attr-168", "0x01"), ("Attr-97", "0x0081"),
            ("Attr-97", "0x000120010db8"), ("Framed-IPv6-Prefix", "::/0"),
        ]
        let attributes = try texts.map { try dictionary.attribute($0, $1) }
        let found = try Packet(.accountingRequest, identifier: 1, attributes: attributes).encoded().withPacketView {
            $0.ipv6Addresses()
        }
        #expect(found.addresses.map(\.last) == [1, 2])
        #expect(found.prefixes.map(\.length) == [48, 0])
        #expect(found.prefixes[0].address == [0x20, 1, 0x0d, 0xb8, 0, 1] + [UInt8](repeating: 0, count: 10))
        #expect(found.delegated.map(\.length) == [56])
        #expect(found.interfaceID == 0x0200_5eff_fe00_0001)
        let none = try Packet(.accountingRequest, identifier: 1).encoded().withPacketView { $0.ipv6Addresses() }
        #expect(none == SessionIPv6Addresses())
        #expect(IPv6Prefix(address: [1]) == nil)
        #expect(IPv6Prefix(address: [UInt8](repeating: 1, count: 16))?.length == 128)
    }
}
