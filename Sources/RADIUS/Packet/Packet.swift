/// A packet as a value of its own: for clients, CoA and tests; the hot path reads ``PacketView``.
public struct Packet: Hashable, Sendable {
    /// What the packet is.
    public var code: PacketCode
    /// Pairs requests and replies.
    public var identifier: UInt8
    /// The authenticator of the header.
    public var authenticator: Authenticator
    /// The attributes in order.
    public var attributes: [Attribute]

    /// A packet of these parts, not signed.
    public init(
        _ code: PacketCode, identifier: UInt8, authenticator: Authenticator = .zero, attributes: [Attribute] = []
    ) {
        (self.code, self.identifier, self.authenticator, self.attributes) = (
            code, identifier, authenticator, attributes
        )
    }

    /// A copy of a checked packet.
    public init(_ view: PacketView) {
        self.init(
            view.code, identifier: view.identifier, authenticator: view.authenticator,
            attributes: view.attributes.map(Attribute.init))
    }

    /// Checks and copies a datagram; throws as ``PacketView/init(_:)`` does.
    public init(_ datagram: [UInt8]) throws(RADIUSError) {
        self = try datagram.withPacketView { view in Packet(view) }
    }

    /// The octets as they stand: nothing is signed. Throws `.attributeValueTooLong` or `.packetTooLong`.
    public func encoded() throws(RADIUSError) -> [UInt8] {
        var octets = [code.rawValue, identifier, 0, 0] + authenticator.bytes
        for attribute in attributes { octets += try attribute.encoded() }
        guard octets.count <= PacketLimits.maximumLength else { throw RADIUSError(.packetTooLong) }
        octets[2] = UInt8(truncatingIfNeeded: octets.count >> 8)
        octets[3] = UInt8(truncatingIfNeeded: octets.count)
        return octets
    }

    /// The first attribute of a type.
    public func first(_ type: AttributeType) -> Attribute? { attributes.first { $0.type == type } }

    /// Every attribute of a type, in order.
    public func all(_ type: AttributeType) -> [Attribute] { attributes.filter { $0.type == type } }
}

extension [UInt8] {
    /// Checks the octets as a packet and calls `body` with the view, which is there only during the call.
    ///
    /// Throws what ``PacketView/init(_:)`` throws, or what `body` does.
    public func withPacketView<Result>(
        version: ProtocolVersion = .radius10, _ body: (PacketView) throws(RADIUSError) -> Result
    ) throws(RADIUSError) -> Result {
        try withUnsafeBufferPointer { buffer throws(RADIUSError) in
            try body(try PacketView(UnsafeRawBufferPointer(buffer), version: version))
        }
    }
}
