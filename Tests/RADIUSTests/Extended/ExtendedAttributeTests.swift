import RADIUS
import Testing

/// Extended attributes (RFC 6929 §2).
@Suite struct ExtendedAttributeTests {
    private func read(_ attributes: [Attribute]) throws -> (extended: [ExtendedAttribute], plain: Int) {
        try Packet(.accessAccept, identifier: 1, attributes: attributes).encoded().withPacketView { view in
            let whole = view.wholeAttributes()
            let plain = whole.count { if case .plain = $0 { true } else { false } }
            return (view.extendedAttributes(), plain)
        }
    }

    @Test func `the forms of RFC 6929 §9 are read and written`() throws {
        let vendor = ExtendedType.Vendor(1, 4)
        let forms: [(ExtendedAttribute, [UInt8])] = [
            (.init(.init(241, 1), text: "bob"), [241, 6, 1] + Array("bob".utf8)),
            (.init(.init(245, 1), text: "bob"), [245, 7, 1, 0] + Array("bob".utf8)),
            (
                .init(.init(241, vendor: vendor), text: "test"), [241, 12, 26, 0, 0, 0, 1, 4] + Array("test".utf8)
            ),
            (
                .init(.init(245, vendor: vendor), text: "test"),
                [245, 13, 26, 0, 0, 0, 0, 1, 4] + Array("test".utf8)
            ),
        ]
        for (attribute, octets) in forms {
            #expect(try attribute.attributes().map { try $0.encoded() } == [octets])
            #expect(try read(attribute.attributes()).extended == [attribute])
        }
    }

    @Test(arguments: [1, 250, 251, 252, 502, 503, 1000, 3900])
    func `a long value goes on in further attributes`(count: Int) throws {
        let attribute = ExtendedAttribute(.init(246, 7), (0..<count).map { UInt8(truncatingIfNeeded: $0) })
        let fragments = try attribute.attributes()
        #expect(fragments.count == (count + 250) / 251)
        #expect(fragments.dropLast().allSatisfy { $0.value.count == 253 && $0.value[1] == 0x80 })
        #expect(fragments.last?.value[1] == 0)
        let found = try read([Attribute(.state, [1])] + fragments + [Attribute(.classValue, [2])])
        #expect(found.extended == [attribute] && found.plain == 2)
    }

    @Test func `a short value of 252 octets is written and 253 refused; 247 and 248 for a vendor's`() throws {
        func length(_ count: Int, _ type: ExtendedType) throws -> Int {
            try ExtendedAttribute(type, [UInt8](repeating: 1, count: count)).attributes()[0].encoded().count
        }
        #expect(try length(252, .init(241, 1)) == 255)
        #expect(throws: RADIUSError(.attributeValueTooLong)) { try length(253, .init(241, 1)) }
        let vendor = ExtendedType(244, vendor: .init(9, 1))
        #expect(try length(247, vendor) == 255)
        #expect(throws: RADIUSError(.attributeValueTooLong)) { try length(248, vendor) }
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try ExtendedAttribute(.init(245, 1), [UInt8](repeating: 1, count: 4097)).attributes()
        }
    }

    @Test func `fragments that do not end, or are cut in two, stay octets`() throws {
        let fragments = try ExtendedAttribute(.init(245, 7), [UInt8](repeating: 1, count: 600)).attributes()
        #expect(fragments.count == 3)
        let lone = try read(Array(fragments[..<2]))
        #expect(lone.extended.isEmpty && lone.plain == 2)
        let cut = try read([fragments[0], Attribute(.state, [1]), fragments[1], fragments[2]])
        #expect(cut.plain == 2 && cut.extended.map(\.value.count) == [600 - 251])
        let other = try read([fragments[0], Attribute(AttributeType(rawValue: 245), [8, 0, 1])])
        #expect(other.plain == 1 && other.extended == [ExtendedAttribute(.init(245, 8), [1])])
    }

    @Test(
        arguments: [
            [], [0, 1], [1], [26, 0, 0, 0, 9], [26, 0, 0, 0, 9, 1], [26, 1, 0, 0, 9, 1, 1],
        ] as [[UInt8]])
    func `what is too short, of type 0 or of no vendor stays octets`(value: [UInt8]) throws {
        let found = try read([Attribute(.extended1, value)])
        #expect(found.extended.isEmpty && found.plain == 1)
    }

    @Test func `reserved flags are ignored`() throws {
        let found = try read([Attribute(AttributeType(rawValue: 245), [1, 0x7f, 5])])
        #expect(found.extended == [ExtendedAttribute(.init(245, 1), [5])])
    }

    @Test func `finds attributes by type`() throws {
        let all = [ExtendedAttribute(.responseLength, uint32: 5), ExtendedAttribute(.responseLength, uint32: 6)]
        let attributes = try all.flatMap { try $0.attributes() }
        try Packet(.accessRequest, identifier: 1, attributes: attributes).encoded().withPacketView { view in
            #expect(view.all(.responseLength) == all)
            #expect(view.responseLength == 5)
            #expect(view.first(.fragStatus) == nil)
            #expect(view.first(ExtendedType(242, 3)) == nil)
        }
    }
}
