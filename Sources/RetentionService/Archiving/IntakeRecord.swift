internal import NetworkLogs
internal import Territory

/// A parsed event on its way into a segment.
struct IntakeRecord: Sendable {
    /// What a source said.
    var event: NetworkEvent
    /// Which source.
    var source: LogSourceID
    /// When it came, in milliseconds since 1970 UTC.
    var received: Int64
    /// The source's clock minus ours as far as is known, in milliseconds.
    var clockOffset: Int32 = 0
    /// How far that may be wrong.
    var clockTolerance: UInt32 = 0
}
