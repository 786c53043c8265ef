/// The types a peer would rather use (RFC 3748 §5.3): the content of a Nak, legacy or Expanded.
public struct EAPNak: Hashable, Sendable {
    /// The desired types in the peer's order; none when the peer has no alternative (type 0).
    public let desired: [EAPMethod]

    /// These types.
    public init(desired: [EAPMethod]) { self.desired = desired }

    /// Reads what follows the type of a legacy Nak: one octet for each desired type.
    public init(legacy data: [UInt8]) throws(EAPError) {
        guard !data.isEmpty else { throw EAPError(.nakMalformed) }
        // 254 says that the peer would like Expanded types: none of ours is one.
        desired = data.filter { $0 != 0 && $0 != EAPMethod.expandedOctet }.map { EAPMethod($0) }
    }

    /// What follows the type of a legacy Nak.
    public var legacyData: [UInt8] {
        let octets = desired.compactMap(\.octet)
        return octets.isEmpty ? [0] : octets
    }
}
