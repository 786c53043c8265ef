/// What a NAS counts of one session. All are zero or more; values above 2⁶³-1 on the wire are cut there.
public struct SessionCounters: Sendable, Hashable {
    /// Connected seconds (Acct-Session-Time).
    public var seconds: Int64
    /// From the visitor.
    public var inputOctets: Int64
    /// To the visitor.
    public var outputOctets: Int64
    /// From the visitor.
    public var inputPackets: Int64
    /// To the visitor.
    public var outputPackets: Int64

    /// All at zero.
    public static let zero = SessionCounters(
        seconds: 0, inputOctets: 0, outputOctets: 0, inputPackets: 0, outputPackets: 0)

    /// These counts.
    public init(
        seconds: Int64, inputOctets: Int64, outputOctets: Int64, inputPackets: Int64 = 0, outputPackets: Int64 = 0
    ) {
        self.seconds = seconds
        self.inputOctets = inputOctets
        self.outputOctets = outputOctets
        self.inputPackets = inputPackets
        self.outputPackets = outputPackets
    }
}
