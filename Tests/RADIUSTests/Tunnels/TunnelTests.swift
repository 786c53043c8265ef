import RADIUS
import Testing

/// VLANs and Tunnel-Password (RFC 2868).
@Suite struct TunnelTests {
    private let secret: SharedSecret
    private let request: SignedRequest

    init() throws {
        secret = try SharedSecret(Array("xyzzy5461".utf8))
        request = try secret.accessRequest(identifier: 9, attributes: [])
    }

    private func vlan(_ attributes: [Attribute]) throws -> TunnelVLAN? {
        try Packet(.accessAccept, identifier: 1, attributes: attributes).encoded().withPacketView { TunnelVLAN($0) }
    }

    @Test func `a VLAN makes three attributes, with and without a tag`() throws {
        #expect(
            TunnelVLAN("20").attributes == [
                Attribute(.tunnelType, [0, 0, 0, 13]), Attribute(.tunnelMediumType, [0, 0, 0, 6]),
                Attribute(.tunnelPrivateGroupID, text: "20"),
            ])
        #expect(
            TunnelVLAN("staff", tag: 31).attributes == [
                Attribute(.tunnelType, [31, 0, 0, 13]), Attribute(.tunnelMediumType, [31, 0, 0, 6]),
                Attribute(.tunnelPrivateGroupID, [31] + Array("staff".utf8)),
            ])
        #expect(TunnelVLAN("20", tag: 32).tag == 0)
    }

    @Test(arguments: [TunnelVLAN("20"), TunnelVLAN("20", tag: 1), TunnelVLAN("Élus", tag: 31)])
    func `reads the VLAN it wrote`(vlan: TunnelVLAN) throws {
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) { $0.append(vlan) }
        #expect(try reply.withPacketView { TunnelVLAN($0) } == vlan)
    }

    @Test(arguments: [1, 4094]) func `numbers a VLAN from 1 to 4094`(number: Int) {
        #expect(TunnelVLAN(number)?.group == "\(number)")
    }

    @Test(arguments: [-1, 0, 4095]) func `refuses other numbers`(number: Int) { #expect(TunnelVLAN(number) == nil) }

    @Test func `no VLAN is read when a part is missing, of another kind or under another tag`() throws {
        let parts = TunnelVLAN("20", tag: 1).attributes
        for index in parts.indices {
            var fewer = parts
            fewer.remove(at: index)
            #expect(try vlan(fewer) == nil)
        }
        #expect(try vlan([Attribute(.tunnelType, uint32: 3)] + parts.dropFirst()) == nil)
        #expect(try vlan(Array(parts[..<2]) + TunnelVLAN("20", tag: 2).attributes[2...]) == nil)
        #expect(try vlan(Array(parts[..<2]) + [Attribute(.tunnelPrivateGroupID, [1])]) == nil)
        #expect(try vlan(Array(parts[..<2]) + [Attribute(.tunnelPrivateGroupID, [1, 0xff])]) == nil)
    }

    @Test func `the first whole VLAN of several is read`() throws {
        let mixed = [Attribute(.tunnelType, [2, 0, 0, 3])] + TunnelVLAN("30", tag: 2).attributes
        #expect(try vlan([TunnelVLAN("40", tag: 3).attributes[2]] + mixed)?.group == "30")
    }

    @Test(arguments: [0, 1, 63, 239]) func `reveals the Tunnel-Password it wrote`(count: Int) throws {
        let password = TunnelPassword((0..<count).map { UInt8($0 % 200 + 1) }, tag: 3)
        let reply = try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
            $0.append(password, secret: secret)
        }
        let read = try reply.withPacketView { view throws(RADIUSError) in
            guard let attribute = view.first(.tunnelPassword) else { throw RADIUSError(.unknownAttribute) }
            return try TunnelPassword(
                attribute, in: view, secret: secret, authenticator: request.sent.authenticator)
        }
        #expect(read == password)
    }

    @Test func `a Tunnel-Password of 240 octets is refused`() {
        #expect(throws: RADIUSError(.attributeValueTooLong)) {
            try PacketBuffer.reply(.accessAccept, to: request.bytes, secret: secret) {
                $0.append(TunnelPassword([UInt8](repeating: 1, count: 240)), secret: secret)
            }
        }
    }

    @Test func `a CoA-Request's Tunnel-Password is chained to zeros, which both sides know`() throws {
        let coa = try PacketBuffer.request(.coaRequest, secret: secret) {
            $0.append(TunnelPassword([1, 2, 3]), secret: secret)
        }
        let password = try coa.withPacketView { view throws(RADIUSError) -> TunnelPassword? in
            try secret.verify(request: view)
            return try view.first(.tunnelPassword).map { attribute throws(RADIUSError) in
                try TunnelPassword(attribute, in: view, secret: secret, authenticator: .zero)
            }
        }
        #expect(password?.password == [1, 2, 3])
    }
}
