/// The parameters of RFC 5080 §2.2.1.
public struct RetransmissionParameters: Sendable {
    /// Initial retransmission time (IRT).
    public var initial: Duration = .seconds(2)
    /// Maximum retransmission time (MRT).
    public var maximum: Duration = .seconds(16)
    /// Maximum transmissions (MRC).
    public var count = 5
    /// Maximum duration of the exchange (MRD).
    public var duration: Duration = .seconds(30)

    /// The values of the RFC.
    public init() {}
}
