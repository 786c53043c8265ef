/// Chargeable-User-Identity (RFC 4372): what stands for a visitor in another's network, without naming the visitor.
public enum ChargeableUserIdentity: Hashable, Sendable {
    /// A request that asks for one: a single NUL.
    case requested
    /// The identity, opaque to all but the home server.
    case identity([UInt8])

    /// What a packet says; nil without the attribute, or for an empty one, which says nothing.
    public init?(_ packet: PacketView) {
        guard let value = packet.first(.chargeableUserIdentity)?.octets, !value.isEmpty else { return nil }
        self = value == [0] ? .requested : .identity(value)
    }

    /// The attribute.
    public var attribute: Attribute {
        switch self {
        case .requested: Attribute(.chargeableUserIdentity, [0])
        case .identity(let octets): Attribute(.chargeableUserIdentity, octets)
        }
    }
}
