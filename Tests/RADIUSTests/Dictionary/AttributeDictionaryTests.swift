import FoundationEssentials
import RADIUS
import Testing

/// Reading dictionaries; what they make of values is in `attributes.vectors`.
@Suite struct AttributeDictionaryTests {
    private func faults(_ text: String) -> [String] {
        AttributeDictionary.faults(in: [.init(name: "x.dictionary", text: text)]).map(\.description)
    }

    @Test func `the shipped dictionaries are read without a fault`() throws {
        let sources = try AttributeDictionary.sources(in: ProjectFiles.dictionaries)
        #expect(AttributeDictionary.faults(in: sources).isEmpty)
        let dictionary = try AttributeDictionary(sources)
        #expect(dictionary.count > 180)
        #expect(dictionary.vendorName(14988) == "Mikrotik")
        #expect(dictionary.definition(named: "acct-session-id")?.key == .init(type: 44))
        #expect(dictionary.definition(.init(vendor: 14122, type: 8))?.name == "WISPr-Bandwidth-Max-Down")
    }

    @Test func `every type that code names is what the dictionaries call it`() throws {
        let dictionary = try ProjectFiles.shippedDictionary()
        let named: [(AttributeType, String)] = [
            (.userName, "User-Name"), (.nasIPAddress, "NAS-IP-Address"), (.classValue, "Class"),
            (.callingStationID, "Calling-Station-Id"), (.calledStationID, "Called-Station-Id"),
            (.acctSessionID, "Acct-Session-Id"), (.acctMultiSessionID, "Acct-Multi-Session-Id"),
            (.acctTerminateCause, "Acct-Terminate-Cause"), (.acctInterimInterval, "Acct-Interim-Interval"),
            (.eventTimestamp, "Event-Timestamp"), (.messageAuthenticator, "Message-Authenticator"),
            (.nasIPv6Address, "NAS-IPv6-Address"), (.errorCause, "Error-Cause"), (.nasPortID, "NAS-Port-Id"),
            (.chargeableUserIdentity, "Chargeable-User-Identity"), (.framedIPv6Address, "Framed-IPv6-Address"),
            (.delegatedIPv6Prefix, "Delegated-IPv6-Prefix"), (.tunnelPrivateGroupID, "Tunnel-Private-Group-Id"),
        ]
        for (type, name) in named { #expect(dictionary.definition(named: name)?.key == .init(type: type.rawValue)) }
    }

    @Test(arguments: [
        ("nonsense", "x.dictionary:1: ‘nonsense’ is no keyword: dictionaryMalformed"),
        ("\n\nattribute 1 A", "x.dictionary:3: expected attribute TYPE NAME LAYOUT: dictionaryMalformed"),
        ("attribute 256 A string", "x.dictionary:1: expected attribute TYPE NAME LAYOUT: dictionaryMalformed"),
        ("attribute 0 A string", "x.dictionary:1: expected attribute TYPE NAME LAYOUT: dictionaryMalformed"),
        ("attribute 1 A strng", "x.dictionary:1: ‘strng’ is no layout: dictionaryMalformed"),
        ("attribute 1 A string tagged", "x.dictionary:1: ‘tagged’ is no flag: dictionaryMalformed"),
        (
            "attribute 1 A ipaddr tag",
            "x.dictionary:1: only string, octets and integer carry a tag: dictionaryMalformed"
        ),
        ("vendor x A", "x.dictionary:1: expected vendor NUMBER NAME: dictionaryMalformed"),
        ("vendor 16777216 A", "x.dictionary:1: expected vendor NUMBER NAME: dictionaryMalformed"),
        ("value 1 A", "x.dictionary:1: a value belongs under an attribute: dictionaryMalformed"),
        ("extend A", "x.dictionary:1: extend A: unknownAttribute"),
        (
            "attribute 1 A string\nattribute 1 B string",
            "x.dictionary:2: type 1 is already A: dictionaryConflict"
        ),
        ("attribute 1 A string\nattribute 2 a string", "x.dictionary:2: a is already defined: dictionaryConflict"),
        ("vendor 1 A\nvendor 1 B", "x.dictionary:2: vendor 1 is already A: dictionaryConflict"),
        ("attribute 1 A string\nvalue 1 B", "x.dictionary:2: A is no number: dictionaryMalformed"),
        ("attribute 1 A byte\nvalue 256 B", "x.dictionary:2: A 256: valueOutOfRange"),
        ("attribute 1 A integer tag\nvalue 0x1000000 B", "x.dictionary:2: A 16777216: valueOutOfRange"),
        ("attribute 1 A integer\nvalue one B", "x.dictionary:2: expected value NUMBER NAME: dictionaryMalformed"),
        (
            "attribute 1 A integer\nvalue 1 B\nvalue 2 b",
            "x.dictionary:3: b is already another value of A: dictionaryConflict"
        ),
    ])
    func `a fault names file, line and reason`(text: String, fault: String) {
        #expect(faults(text) == [fault])
    }

    @Test func `all faults are told, one for a refused attribute and its values`() {
        #expect(faults("attribute 1 A strng\nvalue 1 B\nvalue 2 C\nfoo\nattribute 2 D integer\nvalue x E").count == 3)
        #expect(faults(String(repeating: "foo\n", count: 1000)).count == 100)
    }

    @Test func `comments, blank lines, CRLF and extensions of later files are read`() throws {
        let dictionary = try AttributeDictionary([
            .init(name: "a", text: "# a\r\nextend Z\r\n  value 1 One # first\r\n\r\n"),
            .init(name: "b", text: "vendor 9 Cisco\nattribute 1 Z byte\n"),
        ])
        #expect(dictionary.definition(named: "z")?.number(named: "ONE") == 1)
        #expect(try dictionary.encode("Z", "one") == [26, 9, 0, 0, 0, 9, 1, 3, 1])
    }

    @Test func `values are cut at the layout's range: 255 and 256 of a byte, 65535 and 65536 of a short`() throws {
        let dictionary = try AttributeDictionary([
            .init(name: "a", text: "attribute 1 B byte\nattribute 2 S short\nattribute 3 L integer64")
        ])
        #expect(try dictionary.encode("B", "255") == [1, 3, 255])
        #expect(throws: RADIUSError(.valueOutOfRange)) { try dictionary.encode("B", "256") }
        #expect(try dictionary.encode("S", "65535") == [2, 4, 255, 255])
        #expect(throws: RADIUSError(.valueOutOfRange)) { try dictionary.encode("S", "65536") }
        #expect(try dictionary.encode("L", "18446744073709551615") == [3, 10] + [UInt8](repeating: 255, count: 8))
        #expect(throws: RADIUSError(.valueOutOfRange)) { try dictionary.encode("L", "18446744073709551616") }
    }

    @Test func `text of 253 octets is encoded and 254 refused; 247 and 248 for a vendor's`() throws {
        let dictionary = try ProjectFiles.shippedDictionary()
        func text(_ count: Int) -> String { String(repeating: "a", count: count) }
        #expect(try dictionary.encode("Reply-Message", text(253)).count == 255)
        #expect(throws: RADIUSError(.attributeValueTooLong)) { try dictionary.encode("Reply-Message", text(254)) }
        #expect(try dictionary.encode("WISPr-Location-Name", text(247)).count == 255)
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try dictionary.encode("WISPr-Location-Name", text(248))
        }
    }

    @Test func `a missing folder and one without dictionaries are refused by name`() {
        for folder in ["/nonexistent", "/proc/self/task"] {
            let error = #expect(throws: RADIUSError.self) { try AttributeDictionary(directory: folder) }
            #expect(error?.code == .dictionaryUnreadable)
            #expect(error?.context == folder)
        }
    }

    @Test func `secrets are never shown`() throws {
        let dictionary = try ProjectFiles.shippedDictionary()
        let packet = Packet(
            .accessAccept, identifier: 1,
            attributes: [
                Attribute(.userPassword, Array("cleartext".utf8)),
                Attribute(vendor: 14988, type: 16, Array("cleartext".utf8)),
                Attribute(.tunnelPassword, Array("cleartext".utf8)),
            ])
        let text = try packet.encoded().withPacketView { view in dictionary.describe(view) }.joined(separator: "\n")
        #expect(text.contains("Mikrotik-Wireless-PSK = (9 octets, hidden)"))
        #expect(!text.contains("cleartext") && !text.contains("636c65"))
    }
}
