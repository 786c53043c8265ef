/// What a visitor may do. Nil anywhere means without limit. The JSON has the snake_case names of `CodingKeys`.
public struct Rights: Sendable, Hashable, Codable {
    /// Longest session, 60 … 2,592,000 seconds.
    public var sessionSeconds: Int?
    /// The gateway ends a session silent for that long, 60 … 86,400 seconds.
    public var idleSeconds: Int?
    /// How often the gateway reports usage, 60 … 3,600 seconds (RFC 2869 §2.1 asks for 60 at least).
    public var interimSeconds: Int?
    /// Octets a day, both directions, all devices together.
    public var dailyOctets: Int64?
    /// Seconds a day, all devices together, 60 … 86,400.
    public var dailySeconds: Int?
    /// Octets from Monday to Sunday, both directions, all devices together.
    public var weeklyOctets: Int64?
    /// Seconds from Monday to Sunday, all devices together, 60 … 604,800.
    public var weeklySeconds: Int?
    /// Octets in a civil month, both directions, all devices together.
    public var monthlyOctets: Int64?
    /// Seconds in a civil month, all devices together, 60 … 2,678,400.
    public var monthlySeconds: Int?
    /// What becomes of who has used up a quota; nil: refused.
    public var whenExhausted: Exhaustion?
    /// To the visitor once a quota is used up, bits per second, where `whenExhausted` is `throttle`.
    public var throttleDownBitsPerSecond: Int64?
    /// From the visitor once a quota is used up, bits per second.
    public var throttleUpBitsPerSecond: Int64?
    /// To the visitor, bits per second.
    public var rateDownBitsPerSecond: Int64?
    /// From the visitor, bits per second.
    public var rateUpBitsPerSecond: Int64?
    /// Devices at once, 1 … 1,000.
    public var devices: Int?
    /// When visitors are served; nil: always.
    public var openingHours: OpeningHours?

    /// Names in JSON and YAML.
    public enum CodingKeys: String, CodingKey, CaseIterable, Sendable {
        case sessionSeconds = "session_seconds"
        case idleSeconds = "idle_seconds"
        case interimSeconds = "interim_seconds"
        case dailyOctets = "daily_octets"
        case dailySeconds = "daily_seconds"
        case weeklyOctets = "weekly_octets"
        case weeklySeconds = "weekly_seconds"
        case monthlyOctets = "monthly_octets"
        case monthlySeconds = "monthly_seconds"
        case whenExhausted = "when_exhausted"
        case throttleDownBitsPerSecond = "throttle_down_bits_per_second"
        case throttleUpBitsPerSecond = "throttle_up_bits_per_second"
        case rateDownBitsPerSecond = "rate_down_bits_per_second"
        case rateUpBitsPerSecond = "rate_up_bits_per_second"
        case devices
        case openingHours = "opening_hours"
    }

    /// Rights with these limits and no others.
    public init(
        sessionSeconds: Int? = nil, idleSeconds: Int? = nil, interimSeconds: Int? = nil, dailyOctets: Int64? = nil,
        dailySeconds: Int? = nil, weeklyOctets: Int64? = nil, weeklySeconds: Int? = nil, monthlyOctets: Int64? = nil,
        monthlySeconds: Int? = nil, whenExhausted: Exhaustion? = nil, throttleDownBitsPerSecond: Int64? = nil,
        throttleUpBitsPerSecond: Int64? = nil, rateDownBitsPerSecond: Int64? = nil, rateUpBitsPerSecond: Int64? = nil,
        devices: Int? = nil, openingHours: OpeningHours? = nil
    ) {
        self.sessionSeconds = sessionSeconds
        self.idleSeconds = idleSeconds
        self.interimSeconds = interimSeconds
        self.dailyOctets = dailyOctets
        self.dailySeconds = dailySeconds
        self.weeklyOctets = weeklyOctets
        self.weeklySeconds = weeklySeconds
        self.monthlyOctets = monthlyOctets
        self.monthlySeconds = monthlySeconds
        self.whenExhausted = whenExhausted
        self.throttleDownBitsPerSecond = throttleDownBitsPerSecond
        self.throttleUpBitsPerSecond = throttleUpBitsPerSecond
        self.rateDownBitsPerSecond = rateDownBitsPerSecond
        self.rateUpBitsPerSecond = rateUpBitsPerSecond
        self.devices = devices
        self.openingHours = openingHours
    }

    /// These rights with what the override says replaced.
    public func merging(_ override: RightsOverride?) -> Rights {
        guard let override else { return self }
        var rights = self
        override.sessionSeconds.replace(&rights.sessionSeconds)
        override.idleSeconds.replace(&rights.idleSeconds)
        override.interimSeconds.replace(&rights.interimSeconds)
        override.dailyOctets.replace(&rights.dailyOctets)
        override.dailySeconds.replace(&rights.dailySeconds)
        override.weeklyOctets.replace(&rights.weeklyOctets)
        override.weeklySeconds.replace(&rights.weeklySeconds)
        override.monthlyOctets.replace(&rights.monthlyOctets)
        override.monthlySeconds.replace(&rights.monthlySeconds)
        override.whenExhausted.replace(&rights.whenExhausted)
        override.throttleDownBitsPerSecond.replace(&rights.throttleDownBitsPerSecond)
        override.throttleUpBitsPerSecond.replace(&rights.throttleUpBitsPerSecond)
        override.rateDownBitsPerSecond.replace(&rights.rateDownBitsPerSecond)
        override.rateUpBitsPerSecond.replace(&rights.rateUpBitsPerSecond)
        override.devices.replace(&rights.devices)
        override.openingHours.replace(&rights.openingHours)
        return rights
    }

    /// The rates of who has used up a quota, where the rights throttle: never above the ordinary ones. Nil where they
    /// refuse, or name no rate to throttle to.
    var throttled: (down: Int64?, up: Int64?)? {
        guard whenExhausted == .throttle, throttleDownBitsPerSecond ?? throttleUpBitsPerSecond != nil else {
            return nil
        }
        let lower = { (rate: Int64?, throttle: Int64?) in
            rate == nil && throttle == nil ? nil : min(rate ?? .max, throttle ?? .max)
        }
        return (
            lower(rateDownBitsPerSecond, throttleDownBitsPerSecond), lower(rateUpBitsPerSecond, throttleUpBitsPerSecond)
        )
    }
}

extension Rights: JSONDocument {}
