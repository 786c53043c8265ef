public import Foundation

/// What an accepted visitor gets: the numbers that an ``EquipmentProfile`` turns into a vendor's attributes, and that the
/// portal shows.
public struct Allowance: Sendable, Hashable, Codable {
    /// Until the session has to end, at least 1.
    public var sessionTimeoutSeconds: Int
    /// Silence after which the gateway ends the session; nil: the gateway's own.
    public var idleTimeoutSeconds: Int?
    /// How often the gateway reports.
    public var interimSeconds: Int
    /// Octets left today, both directions; nil: no quota. At least 1.
    public var remainingOctets: Int64?
    /// To the visitor, bits per second; nil: no limit.
    public var rateDownBitsPerSecond: Int64?
    /// From the visitor, bits per second; nil: no limit.
    public var rateUpBitsPerSecond: Int64?
    /// The instant the session has to end.
    public var endsAt: Date
    /// The site's offset from UTC at `endsAt`, for attributes that carry local time.
    public var endsAtOffsetSeconds: Int
    /// What set the session timeout.
    public var bound: Bound

    /// Which of the limits ends the session first.
    public enum Bound: String, Sendable, Hashable, Codable, CaseIterable {
        /// The length of a session.
        case sessionLength = "session-length"
        /// The site closes.
        case closing
        /// The right ends.
        case expiry
        /// The day's time runs out.
        case dailyTime = "daily-time"
    }

    /// Names in JSON.
    public enum CodingKeys: String, CodingKey, Sendable {
        case sessionTimeoutSeconds = "session_timeout_seconds"
        case idleTimeoutSeconds = "idle_timeout_seconds"
        case interimSeconds = "interim_seconds"
        case remainingOctets = "remaining_octets"
        case rateDownBitsPerSecond = "rate_down_bits_per_second"
        case rateUpBitsPerSecond = "rate_up_bits_per_second"
        case endsAt = "ends_at"
        case endsAtOffsetSeconds = "ends_at_offset_seconds"
        case bound
    }

    /// An allowance with these numbers.
    public init(
        sessionTimeoutSeconds: Int, idleTimeoutSeconds: Int? = nil, interimSeconds: Int = Rights.defaultInterimSeconds,
        remainingOctets: Int64? = nil, rateDownBitsPerSecond: Int64? = nil, rateUpBitsPerSecond: Int64? = nil,
        endsAt: Date, endsAtOffsetSeconds: Int = 0, bound: Bound = .sessionLength
    ) {
        self.sessionTimeoutSeconds = sessionTimeoutSeconds
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.interimSeconds = interimSeconds
        self.remainingOctets = remainingOctets
        self.rateDownBitsPerSecond = rateDownBitsPerSecond
        self.rateUpBitsPerSecond = rateUpBitsPerSecond
        self.endsAt = endsAt
        self.endsAtOffsetSeconds = endsAtOffsetSeconds
        self.bound = bound
    }
}

extension Allowance: JSONDocument {}

extension Rights {
    /// Session length where a package sets none. A session is never endless: quotas are read anew at each login.
    public static let defaultSessionSeconds = 86_400
    /// Report interval where a package sets none.
    public static let defaultInterimSeconds = 300
}
