internal import OpenSSL

/// The State of an Access-Challenge (RFC 2865 §5.24): 16 unpredictable octets name the conversation, 8 its round.
struct ConversationKey: Hashable, Sendable {
    /// Octets of a State of ours.
    static let stateLength = 24
    private static let roundLength = 8

    let octets: [UInt8]

    /// A new one.
    init() { octets = SecureRandom.bytes(Self.stateLength - Self.roundLength) }

    /// Of a State that a NAS sent back; nil when it cannot be ours.
    init?(state: [UInt8]) {
        guard state.count == Self.stateLength else { return nil }
        octets = Array(state.dropLast(Self.roundLength))
    }

    /// What names a new round.
    static func round() -> [UInt8] { SecureRandom.bytes(roundLength) }

    /// What a State says of the round.
    static func round(of state: [UInt8]) -> [UInt8] { Array(state.suffix(roundLength)) }
}
