import RADIUS
import Testing

/// Operator-Name and Chargeable-User-Identity.
@Suite struct FederationTests {
    private func read<Value>(_ attribute: Attribute, _ read: (PacketView) -> Value?) throws -> Value? {
        try Packet(.accessRequest, identifier: 1, attributes: [attribute]).encoded().withPacketView { read($0) }
    }

    @Test func `an operator's name says what kind it is (RFC 5580 §4.1)`() throws {
        let realm = try #require(OperatorName(.realm, "example.org"))
        #expect(realm.attribute == Attribute(.operatorName, text: "1example.org"))
        #expect(OperatorName(.wbaID, "EXAMPLE:FR")?.attribute.value.first == UInt8(ascii: "4"))
        #expect(try read(realm.attribute) { OperatorName($0) } == realm)
        #expect(try read(Attribute(.operatorName, [])) { OperatorName($0) } == nil)
        #expect(try read(Attribute(.operatorName, text: "1")) { OperatorName($0) } == nil)
        #expect(try read(Attribute(.operatorName, [0x31, 0xff])) { OperatorName($0) } == nil)
        #expect(try read(Attribute(.userName, text: "x")) { OperatorName($0) } == nil)
    }

    @Test func `a name of 252 octets fits and 253 or none do not`() {
        #expect(OperatorName(.realm, String(repeating: "a", count: 252)) != nil)
        #expect(OperatorName(.realm, String(repeating: "a", count: 253)) == nil)
        #expect(OperatorName(.realm, "") == nil)
    }

    @Test func `a single NUL asks for an identity (RFC 4372 §2.1)`() throws {
        for identity in [ChargeableUserIdentity.requested, .identity([0, 0]), .identity([7])] {
            #expect(try read(identity.attribute) { ChargeableUserIdentity($0) } == identity)
        }
        #expect(try read(Attribute(.chargeableUserIdentity, [])) { ChargeableUserIdentity($0) } == nil)
        #expect(try read(Attribute(.userName, [])) { ChargeableUserIdentity($0) } == nil)
    }
}
