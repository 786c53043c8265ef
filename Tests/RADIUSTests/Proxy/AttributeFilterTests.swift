import RADIUS
import Testing

/// What a border lets through.
@Suite struct AttributeFilterTests {
    private let dictionary: AttributeDictionary
    private let secret: SharedSecret

    init() throws {
        dictionary = try ProjectFiles.shippedDictionary()
        secret = try SharedSecret([1])
    }

    private func filter(_ text: String) throws(RADIUSError) -> AttributeFilter {
        try AttributeFilter(text, name: "f", dictionary: dictionary)
    }

    /// What of a request's attributes passes.
    private func passing(_ text: String, _ attributes: [Attribute]) throws -> [Attribute] {
        let request = try secret.accountingRequest(identifier: 1, attributes: attributes)
        let relay = ProxyRelay(origin: secret, home: secret, filter: try filter(text))
        let forwarded = try request.bytes.withPacketView { view throws(RADIUSError) in
            try relay.forward(
                view, in: .radius10(identifier: 1), proxyState: ProxyState(mark: 1, serial: 1))
        }
        return try Packet(forwarded.bytes).attributes.filter { $0.type != .proxyState }
    }

    @Test func `lists name attributes, extended ones and vendors, by code and direction`() throws {
        let filter = try filter(
            """
            # to the federation
            allow to-home Access-Request User-Name EAP-Message Response-Length
            allow to-home Access-Request MS-MPPE-Send-Key vendor:WISPr vendor:10415 Attr-250

            allow to-origin Access-Accept *   # ours
            """)
        let list = filter.list(.accessRequest, .towardsHome)
        #expect(list.allows(.userName) && list.allows(.eapMessage) && list.allows(AttributeType(rawValue: 250)))
        #expect(!list.allows(.userPassword))
        #expect(list.allows(.responseLength) && !list.allows(.originalPacketCode))
        #expect(list.allows(vendor: 311, type: 16) && !list.allows(vendor: 311, type: 17))
        #expect(list.allows(vendor: 14122, type: 200) && list.allowsAll(ofVendor: 10415))
        #expect(!list.allowsAll(ofVendor: 311) && !list.allows(vendor: 9, type: 1))
        #expect(filter.list(.accessAccept, .towardsOrigin) == .everything)
        #expect(filter.list(.accessAccept, .towardsHome) == .only(.init()))
        #expect(filter.list(.accessReject, .towardsOrigin) == .only(.init()))
    }

    @Test(arguments: [
        ("allow", "f:1: expected allow DIRECTION CODE NAME: dictionaryMalformed"),
        ("deny to-home Access-Request *", "f:1: expected allow DIRECTION CODE NAME: dictionaryMalformed"),
        ("\nallow up Access-Request *", "f:2: expected allow DIRECTION CODE NAME: dictionaryMalformed"),
        ("allow to-home Access *", "f:1: expected allow DIRECTION CODE NAME: dictionaryMalformed"),
        ("allow to-home Access-Request Nope", "f:1: Nope: unknownAttribute"),
        ("allow to-home Access-Request vendor:Nope", "f:1: vendor:Nope: unknownAttribute"),
    ])
    func `a fault names the line`(text: String, fault: String) {
        let error = #expect(throws: RADIUSError.self) { try filter(text) }
        #expect(error?.description == fault)
    }

    @Test func `a vendor's attributes are picked out of one that holds several`() throws {
        let both = Attribute(.vendorSpecific, [0, 0, 0x37, 0x2a, 7, 3, 1, 8, 3, 2])
        let first = Attribute(vendor: 14122, type: 7, [1])
        #expect(try passing("allow to-home Accounting-Request WISPr-Bandwidth-Max-Up", [both]) == [first])
        #expect(try passing("allow to-home Accounting-Request vendor:WISPr", [both]) == [both])
        #expect(try passing("allow to-home Accounting-Request vendor:Cisco", [both]).isEmpty)
        #expect(try passing("allow to-home Accounting-Request vendor:WISPr WISPr-Location-ID", [both]) == [both])
    }

    @Test func `vendor attributes that cannot be read pass with all of their vendor's only`() throws {
        let broken = [
            Attribute(.vendorSpecific, [0, 0, 0, 9, 1, 99]), Attribute(.vendorSpecific, [9]),
            Attribute(.vendorSpecific, []),
        ]
        #expect(try passing("allow to-home Accounting-Request vendor:9", broken) == [broken[0]])
        #expect(try passing("allow to-home Accounting-Request Cisco-AVPair", broken).isEmpty)
        #expect(try passing("allow to-home Accounting-Request *", broken) == broken)
    }

    @Test func `extended attributes pass by themselves, with their space, or not at all`() throws {
        let range = try dictionary.attributes("IP-Port-Range", "{IP-Port-Range-Start = 1, IP-Port-Range-End = 2}")
        let long = try ExtendedAttribute(.init(245, 9), [UInt8](repeating: 1, count: 600)).attributes()
        let broken = [Attribute(.extended1, [])]
        let all = range + long + broken
        #expect(try passing("allow to-home Accounting-Request IP-Port-Range", all) == range)
        #expect(try passing("allow to-home Accounting-Request Attr-245.9", all) == long)
        #expect(try passing("allow to-home Accounting-Request Extended-Attribute-1", all) == range + broken)
        #expect(try passing("allow to-home Accounting-Request User-Name", all).isEmpty)
    }
}
