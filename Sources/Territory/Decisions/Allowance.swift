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
    /// Octets left before a quota is used up, both directions: the least of day, week and month. At least 1; nil: no quota,
    /// or one that is used up already (see ``exhausted``).
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
    /// The quota that is used up, where the package throttles instead of refusing: the rates are then the throttle's. Nil:
    /// none is.
    public var exhausted: RefusalReason?
    /// The VLAN of the visitor's group, 1 … 4094; nil: the network's own.
    public var vlan: Int?
    /// What the equipment knows the visitor's group as; nil: no group, or one without a role.
    public var role: String?

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
        /// The week's time runs out.
        case weeklyTime = "weekly-time"
        /// The month's time runs out.
        case monthlyTime = "monthly-time"
        /// A quota that is used up comes back: the session begins anew without the throttle.
        case renewal = "quota-renewal"
    }

    /// The WPA key that the device has to prove, where it has one of its own (``WiFiKey``). In no JSON.
    public var psk: Secret?
    /// Devices that may still connect, the one that asks included; nil: any number. In no JSON.
    public var placesLeft: Int?

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
        case bound, exhausted, vlan, role
    }

    /// An allowance with these numbers.
    public init(
        sessionTimeoutSeconds: Int, idleTimeoutSeconds: Int? = nil, interimSeconds: Int = Rights.defaultInterimSeconds,
        remainingOctets: Int64? = nil, rateDownBitsPerSecond: Int64? = nil, rateUpBitsPerSecond: Int64? = nil,
        endsAt: Date, endsAtOffsetSeconds: Int = 0, bound: Bound = .sessionLength,
        exhausted: RefusalReason? = nil, vlan: Int? = nil, role: String? = nil, psk: Secret? = nil,
        placesLeft: Int? = nil
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
        (self.exhausted, self.vlan, self.role) = (exhausted, vlan, role)
        (self.psk, self.placesLeft) = (psk, placesLeft)
    }
}

extension Allowance: JSONDocument {}

extension Rights {
    /// Session length where a package sets none. A session is never endless: quotas are read anew at each login.
    public static let defaultSessionSeconds = 86_400
    /// Report interval where a package sets none.
    public static let defaultInterimSeconds = 300
}
