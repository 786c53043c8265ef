/// Where the parts of a syslog message are, and its time. Ranges count octets of the message; an empty one means that
/// the part is absent.
public struct SyslogHeader: Hashable, Sendable {
    /// How a message is written.
    public enum Format: Sendable {
        /// RFC 5424 §6.
        case rfc5424
        /// A BSD or ISO time, a host and a tag (RFC 3164 §4, and what senders make of it).
        case bsd
        /// No time: only content, perhaps with a tag before it.
        case bare
    }

    /// How the message is written.
    public internal(set) var format = Format.bare
    /// PRI: facility × 8 + severity, 0 to 191; nil for a line of a file.
    public internal(set) var priority: UInt8?
    /// HOSTNAME: the device that says it made the message.
    public internal(set) var hostName = 0..<0
    /// APP-NAME, or the tag without its process number.
    public internal(set) var application = 0..<0
    /// MSGID (RFC 5424 §6.2.7).
    public internal(set) var messageID = 0..<0
    /// What the program said.
    public internal(set) var content = 0..<0
    /// When, in milliseconds since 1970 UTC.
    public internal(set) var time: Int64
    /// How ``time`` came about.
    public internal(set) var timeTraits: NetworkEvent.TimeTraits

    /// A header of nothing, received at a time.
    init(receivedAt: Int64) { (time, timeTraits) = (receivedAt, .fromReception) }

    /// Reads the head of a message.
    ///
    /// - Parameters:
    ///   - message: one message without its frame, or a line of a file; LF, CR and NUL at its end are not content.
    ///   - clock: the zone of times without one.
    ///   - receivedAt: milliseconds since 1970 UTC.
    /// - Returns: the header, or where and why the message is malformed.
    public static func parse(
        _ message: UnsafeRawBufferPointer, clock: SourceClock, receivedAt: Int64
    ) -> Result<SyslogHeader, LineFault> {
        var cursor = Cursor(message)
        var header = SyslogHeader(receivedAt: ReceptionTime.clamped(receivedAt))
        guard let fault = header.read(&cursor, clock, header.time) else { return .success(header) }
        return .failure(fault)
    }
}

/// Why a line or its header was refused, and the octet where.
public struct LineFault: Error, Hashable, Sendable {
    /// Which reason.
    public let reason: MalformedReason
    /// The octet, from 0.
    public let offset: Int

    /// A fault at an octet.
    public init(reason: MalformedReason, offset: Int) { (self.reason, self.offset) = (reason, offset) }
}

/// Bounds of a time of reception, so that no sum with one overflows.
enum ReceptionTime {
    /// 1970 to 9990.
    static func clamped(_ milliseconds: Int64) -> Int64 { min(max(milliseconds, 0), 253_086_681_600_000) }
}
