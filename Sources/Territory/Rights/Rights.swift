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
        case rateDownBitsPerSecond = "rate_down_bits_per_second"
        case rateUpBitsPerSecond = "rate_up_bits_per_second"
        case devices
        case openingHours = "opening_hours"
    }

    /// Rights with these limits and no others.
    public init(
        sessionSeconds: Int? = nil, idleSeconds: Int? = nil, interimSeconds: Int? = nil, dailyOctets: Int64? = nil,
        dailySeconds: Int? = nil, rateDownBitsPerSecond: Int64? = nil, rateUpBitsPerSecond: Int64? = nil,
        devices: Int? = nil, openingHours: OpeningHours? = nil
    ) {
        self.sessionSeconds = sessionSeconds
        self.idleSeconds = idleSeconds
        self.interimSeconds = interimSeconds
        self.dailyOctets = dailyOctets
        self.dailySeconds = dailySeconds
        self.rateDownBitsPerSecond = rateDownBitsPerSecond
        self.rateUpBitsPerSecond = rateUpBitsPerSecond
        self.devices = devices
        self.openingHours = openingHours
    }

    /// These rights with what the override says replaced.
    public func merging(_ override: RightsOverride?) -> Rights {
        guard let override else { return self }
        return Rights(
            sessionSeconds: override.sessionSeconds.over(sessionSeconds),
            idleSeconds: override.idleSeconds.over(idleSeconds),
            interimSeconds: override.interimSeconds.over(interimSeconds),
            dailyOctets: override.dailyOctets.over(dailyOctets),
            dailySeconds: override.dailySeconds.over(dailySeconds),
            rateDownBitsPerSecond: override.rateDownBitsPerSecond.over(rateDownBitsPerSecond),
            rateUpBitsPerSecond: override.rateUpBitsPerSecond.over(rateUpBitsPerSecond),
            devices: override.devices.over(devices),
            openingHours: override.openingHours.over(openingHours))
    }
}

extension Rights: JSONDocument {}
