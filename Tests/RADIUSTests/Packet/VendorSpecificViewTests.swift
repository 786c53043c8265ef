import RADIUS
import Testing

@Suite struct VendorSpecificViewTests {
    private func read(_ value: [UInt8]) throws -> [String] {
        try value.withUnsafeBytes { bytes in
            let view = try VendorSpecificView(bytes)
            return view.attributes.map { "\(view.vendor)/\($0.type.rawValue):\($0.octets.count)" }
        }
    }

    @Test func `reads several attributes of one vendor (RFC 2865 §5.26)`() throws {
        #expect(try read([0, 0, 0x37, 0x2a, 7, 6, 0, 0, 0, 1, 4, 2]) == ["14122/7:4", "14122/4:0"])
    }

    @Test func `accepts a value of 6 octets and refuses one of 5`() throws {
        #expect(try read([0, 0, 0x37, 0x2a, 7, 2]) == ["14122/7:0"])
        #expect(throws: RADIUSError(.vendorSpecificMalformed)) { try read([0, 0, 0x37, 0x2a, 7]) }
        #expect(throws: RADIUSError(.vendorSpecificMalformed)) { try read([]) }
    }

    @Test func `refuses a vendor above 2^24 − 1`() throws {
        #expect(try read([0, 255, 255, 255, 1, 2]) == ["16777215/1:0"])
        #expect(throws: RADIUSError(.vendorSpecificMalformed)) { try read([1, 0, 0, 0, 1, 2]) }
    }

    @Test func `refuses an inner length below 2, an overrun and a lone octet`() {
        #expect(throws: RADIUSError(.vendorAttributeTooShort)) { try read([0, 0, 0, 9, 1, 1]) }
        #expect(throws: RADIUSError(.vendorAttributeTooShort)) { try read([0, 0, 0, 9, 1, 0]) }
        #expect(throws: RADIUSError(.vendorAttributeOverrun)) { try read([0, 0, 0, 9, 1, 3]) }
        #expect(throws: RADIUSError(.vendorAttributeTooShort)) { try read([0, 0, 0, 9, 1, 2, 1]) }
    }

    @Test func `finds a vendor's attribute across Vendor-Specific attributes, past broken ones`() throws {
        let packet = Packet(
            .accessRequest, identifier: 1,
            attributes: [
                Attribute(.vendorSpecific, [1]),
                Attribute(vendor: 14122, type: 8, [0, 0, 0, 1]),
                Attribute(vendor: 14988, type: 8, Array("2M/10M".utf8)),
            ])
        try packet.encoded().withPacketView { view in
            #expect(view.first(vendor: 14988, type: 8)?.text == "2M/10M")
            #expect(view.first(vendor: 14122, type: 8)?.uint32 == 1)
            #expect(view.first(vendor: 14988, type: 9) == nil)
            #expect(view.first(vendor: 9, type: 1) == nil)
        }
    }
}
