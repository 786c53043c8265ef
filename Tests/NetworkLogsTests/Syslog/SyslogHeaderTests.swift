import NetworkLogs
import Testing

@Suite struct SyslogHeaderTests {
    private func parts(_ text: String) throws -> [String] {
        let octets = Array(text.utf8)
        let header = try octets.withUnsafeBytes {
            try SyslogHeader.parse($0, clock: .utc, receivedAt: 1_795_300_805_000).get()
        }
        let part = { (range: Range<Int>) in String(decoding: octets[range], as: UTF8.self) }
        return [
            "\(header.format)", header.priority.map { "\($0)" } ?? "-", part(header.hostName), part(header.application),
            part(header.messageID), part(header.content),
        ]
    }

    @Test func `says where the parts are, so that a relayed line's source can be found (RFC 5424 §6)`() throws {
        #expect(
            try parts("<165>1 2003-10-11T22:14:15.003Z gw.example.org nat 812 NATADD [a b=\"c\"] what")
                == ["rfc5424", "165", "gw.example.org", "nat", "NATADD", "what"])
        #expect(try parts("<165>1 - - - - - -") == ["rfc5424", "165", "", "", "", ""])
    }

    @Test func `the same of BSD's form (RFC 3164 §4)`() throws {
        #expect(try parts("<13>Nov 21 23:40:01 gw dnsmasq[12]: x y") == ["bsd", "13", "gw", "dnsmasq", "", "x y"])
        #expect(try parts("<13>Nov 21 23:40:01 dnsmasq[12]: x y") == ["bsd", "13", "", "dnsmasq", "", "x y"])
        #expect(try parts("<13>Nov 21 23:40:01 gw x y") == ["bsd", "13", "gw", "", "", "x y"])
        #expect(try parts("<13>Nov 21 23:40:01: gw x: y") == ["bsd", "13", "gw", "x", "", "y"])
        #expect(try parts("<13>Nov 21 23:40:01 [NEW] x") == ["bsd", "13", "", "", "", "[NEW] x"])
    }

    @Test func `without time there may be a tag, and else all is content`() throws {
        #expect(try parts("<13>nat: x") == ["bare", "13", "", "nat", "", "x"])
        #expect(try parts("in:bridge out:ether1") == ["bare", "-", "", "", "", "in:bridge out:ether1"])
        #expect(try parts("{\"a\": 1}") == ["bare", "-", "", "", "", "{\"a\": 1}"])
        let tag = String(repeating: "t", count: 65)
        #expect(try parts("\(tag): x") == ["bare", "-", "", "", "", "\(tag): x"])
    }

    @Test func `a fault says why and where`() {
        let octets = Array("<34>1 then gw".utf8)
        let result = octets.withUnsafeBytes { SyslogHeader.parse($0, clock: .utc, receivedAt: 0) }
        #expect(result == .failure(LineFault(reason: .headerTime, offset: 6)))
    }
}
