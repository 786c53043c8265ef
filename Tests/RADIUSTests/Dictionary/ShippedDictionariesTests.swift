import FoundationEssentials
import RADIUS
import Testing

/// The files of `config/dictionaries`, attribute by attribute.
@Suite struct ShippedDictionariesTests {
    private let dictionary: AttributeDictionary
    private let attributes: [AttributeDefinition]

    init() throws {
        dictionary = try ProjectFiles.shippedDictionary()
        attributes = dictionary.attributes.sorted { $0.name < $1.name }
    }

    /// What is read back from an Access-Accept that holds what was made of `text`.
    private func described(_ name: String, _ text: String) throws -> [String] {
        let octets = try dictionary.encode(name, text)
        let packet = try Packet(.accessAccept, identifier: 0).encoded(with: octets)
        return try packet.withPacketView { view in Array(dictionary.describe(view).dropFirst()) }
    }

    /// Texts of a layout's values, its bounds among them.
    private func samples(_ definition: AttributeDefinition) -> [String] {
        switch definition.valueType {
        case .string: ["x", "Éluard, {a} = \"b\"\\"]
        // Packets are refused for one of another length.
        case .octets where definition.name == "Message-Authenticator": ["0x" + String(repeating: "20", count: 16)]
        case .octets, .concat: ["0x20", "0x" + String(repeating: "ab", count: 200)]
        case .byte: ["0", "255"]
        case .short: ["0", "65535"]
        case .integer: ["0", definition.isTagged ? "16777215" : "4294967295"]
        case .integer64: ["0", "18446744073709551615"]
        case .date: ["1970-01-01T00:00:00Z", "2106-02-07T06:28:15Z"]
        case .ipaddr: ["0.0.0.0", "192.0.2.1"]
        case .ipv4prefix: ["0.0.0.0/0", "192.0.2.0/24", "192.0.2.1/32"]
        case .ipv6addr: ["::", "2001:db8::1"]
        case .ipv6prefix: ["::/0", "2001:db8::/33", "2001:db8::1/128"]
        case .ifid: ["0200:5eff:fe00:0001"]
        case .tlv, .vsa, .extended, .longExtended, .evs: []
        }
    }

    /// The text as a description shows it, inside the attributes around it.
    private func shown(_ definition: AttributeDefinition, _ text: String) throws -> String {
        var value = definition.valueType == .string ? quoted(text) : text
        if let number = UInt64(text), let name = definition.values[number] { value = name }
        var line = "\(definition.name) = \(value)"
        var key = definition.key
        while let name = line.firstIndex(of: " ").map({ line[..<$0] }), name.contains(".") {
            key = .init(vendor: key.vendor, type: key.type, path: key.path.dropLast(), space: key.space)
            let parent = try #require(dictionary.definition(key))
            line = "\(parent.name) = {\(line.dropFirst(parent.name.count + 1))}"
        }
        return line
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    @Test func `every attribute's value is written and read back`() throws {
        var count = 0
        for definition in attributes where !definition.isHidden {
            for sample in samples(definition) {
                #expect(try described(definition.name, sample) == [shown(definition, sample)])
                count += 1
            }
            for (number, name) in definition.values {
                #expect(try described(definition.name, name) == [shown(definition, "\(number)")])
            }
        }
        #expect(count > 1000)
    }

    @Test func `what is written is read back by its number as well`() throws {
        for definition in attributes where [.octets, .ipaddr].contains(definition.valueType) && !definition.isHidden {
            let key = definition.key
            let types = ([key.type] + key.path).map(String.init).joined(separator: ".")
            let name = key.vendor.map { "Vendor-\($0)-Attr-\(types)" } ?? "Attr-\(types)"
            #expect(
                try dictionary.encode(name, "0x20202020")
                    == dictionary.encode(
                        definition.name, definition.valueType == .ipaddr ? "32.32.32.32" : "0x20202020"))
        }
    }

    @Test func `no number and no name is defined twice, in all files together`() throws {
        #expect(AttributeDictionary.faults(in: try AttributeDictionary.sources(in: ProjectFiles.dictionaries)).isEmpty)
        #expect(Set(attributes.map(\.key)).count == attributes.count)
        #expect(Set(attributes.map { $0.name.lowercased() }).count == attributes.count)
        #expect(attributes.count > 650)
    }

    @Test(
        arguments: [
            (9, "Cisco"), (311, "Microsoft"), (2011, "Huawei"), (3309, "Nomadix"), (12356, "Fortinet"),
            (14122, "WISPr"), (14179, "Airespace"), (14559, "ChilliSpot"), (14823, "Aruba"), (14988, "Mikrotik"),
            (17713, "Cambium"), (25053, "Ruckus"), (25506, "H3C"), (26928, "Extreme-Cloud"), (29671, "Meraki"),
            (40808, "WiFi-Alliance"),
        ] as [(UInt32, String)])
    func `knows the vendors whose equipment is served`(number: UInt32, name: String) {
        #expect(dictionary.vendorName(number) == name)
        #expect(dictionary.vendor(named: name.uppercased()) == number)
        #expect(attributes.contains { $0.key.vendor == number })
    }

    @Test func `what a proxy hides anew is what the dictionaries call salted, and passwords`() {
        for definition in attributes where definition.key.path.isEmpty {
            let type = definition.key.type
            let kind =
                definition.key.vendor.map { HiddenValue(vendor: $0, type: type) }
                ?? HiddenValue(AttributeType(rawValue: type))
            switch kind {
            case .salted(let isTagged): #expect(definition.isSalted && definition.isTagged == isTagged)
            case .password, .blocks: #expect(definition.isHidden && !definition.isSalted)
            case nil: #expect(!definition.isSalted, "\(definition.name)")
            }
        }
    }

    @Test func `no text makes a salted value, but a packet's writer does`() throws {
        #expect(throws: RADIUSError(.valueMalformed)) { try dictionary.encode("Tunnel-Password:1", "geheim") }
        #expect(throws: RADIUSError(.valueMalformed)) { try dictionary.encode("Aruba-MPSK-Passphrase", "geheim") }
        let secret = try SharedSecret([1, 2])
        let request = try secret.accessRequest(identifier: 1, attributes: [])
        var failure: RADIUSError?
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) { writer in
            do throws(RADIUSError) {
                try dictionary.append("Tunnel-Password:2", "geheim", to: &writer, secret: secret)
                try dictionary.append("Aruba-MPSK-Passphrase", "0x6768", to: &writer, secret: secret)
                try dictionary.append("Aruba-User-Role", "staff", to: &writer, secret: secret)
            } catch {
                failure = error
            }
        }
        #expect(failure == nil)
        try reply.withPacketView { view throws(RADIUSError) in
            let authenticator = request.sent.authenticator
            let tunnel = try view.first(.tunnelPassword).map { attribute throws(RADIUSError) in
                try TunnelPassword(attribute, in: view, secret: secret, authenticator: authenticator)
            }
            #expect(tunnel == TunnelPassword(Array("geheim".utf8), tag: 2))
            let passphrase = try view.first(vendor: 14823, type: 44).map { attribute throws(RADIUSError) in
                try view.revealed(attribute.value, secret: secret, authenticator: authenticator)
            }
            #expect(passphrase == [0x67, 0x68])
            #expect(view.first(vendor: 14823, type: 1)?.text == "staff")
        }
    }
}
