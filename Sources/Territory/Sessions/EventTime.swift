public import Foundation

/// When a reported event happened, on our clock.
public struct EventTime: Sendable, Hashable {
    /// How far back an Event-Timestamp is believed: gateways that lose their link queue for hours, not for days.
    public static let believedPastSeconds: TimeInterval = 86_400
    /// How far ahead an Event-Timestamp is believed: the clocks of two machines under NTP differ by less.
    public static let believedFutureSeconds: TimeInterval = 60
    /// Disagreement between Event-Timestamp and arrival less Acct-Delay-Time that shows a wrong clock.
    public static let clockToleranceSeconds: TimeInterval = 10
    /// Largest Acct-Delay-Time that is believed.
    public static let believedDelaySeconds: UInt32 = 86_400

    /// The instant; never after the arrival by more than the clocks' tolerance, and then cut to the arrival.
    public var date: Date
    /// Whether it orders events of one NAS: false where all we know is the arrival, which a retransmission delays.
    public var isPrecise: Bool

    /// An instant known to this precision.
    public init(_ date: Date, isPrecise: Bool) {
        self.date = date
        self.isPrecise = isPrecise
    }

    /// Computes the instant from Event-Timestamp (RFC 2869 §5.3, seconds since 1970), Acct-Delay-Time (RFC 2866 §5.2)
    /// and the arrival.
    ///
    /// Acct-Delay-Time is counted by the NAS itself and needs no clock, so where both are there and disagree the clock
    /// is wrong (1970 after a power cut, an hour off, the future) and arrival less delay stands. Instants are whole
    /// microseconds, as PostgreSQL keeps them.
    public init(eventTimestamp: UInt32?, delaySeconds: UInt32?, receivedAt: Date) {
        let delay = delaySeconds.flatMap { $0 <= Self.believedDelaySeconds ? TimeInterval($0) : nil }
        let arrival = Self.wholeMicroseconds(receivedAt.addingTimeInterval(-(delay ?? 0)))
        guard let eventTimestamp else {
            self.init(arrival, isPrecise: (delay ?? 0) > 0)
            return
        }
        let told = Date(timeIntervalSince1970: TimeInterval(eventTimestamp))
        let lag = receivedAt.timeIntervalSince(told)
        guard lag <= Self.believedPastSeconds, lag >= -Self.believedFutureSeconds else {
            self.init(arrival, isPrecise: (delay ?? 0) > 0)
            return
        }
        if delay != nil, abs(told.timeIntervalSince(arrival)) > Self.clockToleranceSeconds {
            self.init(arrival, isPrecise: (delay ?? 0) > 0)
            return
        }
        self.init(min(told, Self.wholeMicroseconds(receivedAt)), isPrecise: true)
    }

    /// The instant rounded to microseconds, so that what is read back from the store is equal to what was written.
    public static func wholeMicroseconds(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1_000_000).rounded() / 1_000_000)
    }
}
