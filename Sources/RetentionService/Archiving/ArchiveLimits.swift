/// The bounds of what is open at a time.
public struct ArchiveLimits: Sendable {
    /// Records of a segment: 90 octets of memory each until it is sealed.
    public var records = 1 << 20
    /// How long a segment stays open, in milliseconds, once its first record came.
    public var openMilliseconds: Int64 = 3_600_000
    /// Segments open at a time; the oldest is sealed when one more is needed.
    public var openSegments = 64
    /// Records parsed and not yet durable.
    public var queuedRecords = 1 << 17

    /// The usual ones.
    public init() {}
}
