import Testing

@testable import PortalService

@Suite struct FieldsTests {
    @Test func `reads names and values, plus as space, percent octets as UTF-8`() throws {
        let fields = try Fields(parsing: "a=1&b=x+y%20z&c=caf%C3%A9&d&e=")
        #expect(fields["a"] == "1" && fields["b"] == "x y z" && fields["c"] == "café")
        #expect(fields["d"] == "" && fields.filled("e") == nil && fields["f"] == nil)
    }

    @Test func `the first value of a name wins`() throws {
        #expect(try Fields(parsing: "uamip=10.0.0.1&uamip=198.51.100.1")["uamip"] == "10.0.0.1")
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "a=%c3%28"])
    func `refuses bad percent encoding, octets that are not UTF-8, and NUL`(text: String) {
        #expect(throws: PortalError(.malformedRequest, "")) { try Fields(parsing: text) }
    }

    @Test func `takes 12 KiB of query and refuses one octet more`() throws {
        let full = "a=" + String(repeating: "x", count: Fields.maximumQueryOctets - 2)
        #expect(try Fields(parsing: full)["a"]?.utf8.count == Fields.maximumQueryOctets - 2)
        #expect(throws: PortalError(.tooLarge, "")) { try Fields(parsing: full + "x") }
    }

    @Test func `takes 64 fields and refuses 65`() throws {
        let many = (0..<64).map { "f\($0)=1" }.joined(separator: "&")
        #expect(try Fields(parsing: many)["f63"] == "1")
        #expect(throws: PortalError(.malformedRequest, "")) { try Fields(parsing: many + "&g=1") }
    }

    @Test func `takes a name of 64 octets and refuses 65`() throws {
        let name = String(repeating: "n", count: 64)
        #expect(try Fields(parsing: "\(name)=1")[name] == "1")
        #expect(throws: PortalError(.malformedRequest, "")) { try Fields(parsing: "n\(name)=1") }
    }
}
