/// What a voucher or an account changes in the rights of the site's package: the `rights` column of their tables.
///
/// In JSON a missing key inherits, `null` lifts the limit and a value replaces it.
public struct RightsOverride: Sendable, Hashable {
    /// What becomes of one limit.
    public enum Change<Value: Sendable & Hashable>: Sendable, Hashable {
        /// The package's limit stays.
        case inherited
        /// No limit.
        case unlimited
        /// This limit instead.
        case limited(Value)

        func replace(_ base: inout Value?) {
            switch self {
            case .inherited: break
            case .unlimited: base = nil
            case .limited(let value): base = value
            }
        }
    }

    /// See ``Rights/sessionSeconds``.
    public var sessionSeconds = Change<Int>.inherited
    /// See ``Rights/idleSeconds``.
    public var idleSeconds = Change<Int>.inherited
    /// See ``Rights/interimSeconds``.
    public var interimSeconds = Change<Int>.inherited
    /// See ``Rights/dailyOctets``.
    public var dailyOctets = Change<Int64>.inherited
    /// See ``Rights/dailySeconds``.
    public var dailySeconds = Change<Int>.inherited
    /// See ``Rights/weeklyOctets``.
    public var weeklyOctets = Change<Int64>.inherited
    /// See ``Rights/weeklySeconds``.
    public var weeklySeconds = Change<Int>.inherited
    /// See ``Rights/monthlyOctets``.
    public var monthlyOctets = Change<Int64>.inherited
    /// See ``Rights/monthlySeconds``.
    public var monthlySeconds = Change<Int>.inherited
    /// See ``Rights/whenExhausted``.
    public var whenExhausted = Change<Exhaustion>.inherited
    /// See ``Rights/throttleDownBitsPerSecond``.
    public var throttleDownBitsPerSecond = Change<Int64>.inherited
    /// See ``Rights/throttleUpBitsPerSecond``.
    public var throttleUpBitsPerSecond = Change<Int64>.inherited
    /// See ``Rights/rateDownBitsPerSecond``.
    public var rateDownBitsPerSecond = Change<Int64>.inherited
    /// See ``Rights/rateUpBitsPerSecond``.
    public var rateUpBitsPerSecond = Change<Int64>.inherited
    /// See ``Rights/devices``.
    public var devices = Change<Int>.inherited
    /// See ``Rights/openingHours``.
    public var openingHours = Change<OpeningHours>.inherited

    /// Changes nothing until a property is set.
    public init() {}

    /// Whether every limit is the package's.
    public var isEmpty: Bool { self == RightsOverride() }
}

extension RightsOverride: Codable, JSONDocument {
    /// Reads the keys that are there; others inherit. Unknown keys are ignored, so that older code reads newer rows.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Rights.CodingKeys.self)
        sessionSeconds = try Self.change(container, .sessionSeconds)
        idleSeconds = try Self.change(container, .idleSeconds)
        interimSeconds = try Self.change(container, .interimSeconds)
        dailyOctets = try Self.change(container, .dailyOctets)
        dailySeconds = try Self.change(container, .dailySeconds)
        weeklyOctets = try Self.change(container, .weeklyOctets)
        weeklySeconds = try Self.change(container, .weeklySeconds)
        monthlyOctets = try Self.change(container, .monthlyOctets)
        monthlySeconds = try Self.change(container, .monthlySeconds)
        whenExhausted = try Self.change(container, .whenExhausted)
        throttleDownBitsPerSecond = try Self.change(container, .throttleDownBitsPerSecond)
        throttleUpBitsPerSecond = try Self.change(container, .throttleUpBitsPerSecond)
        rateDownBitsPerSecond = try Self.change(container, .rateDownBitsPerSecond)
        rateUpBitsPerSecond = try Self.change(container, .rateUpBitsPerSecond)
        devices = try Self.change(container, .devices)
        openingHours = try Self.change(container, .openingHours)
    }

    /// Writes the keys that change something.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Rights.CodingKeys.self)
        try Self.write(sessionSeconds, to: &container, .sessionSeconds)
        try Self.write(idleSeconds, to: &container, .idleSeconds)
        try Self.write(interimSeconds, to: &container, .interimSeconds)
        try Self.write(dailyOctets, to: &container, .dailyOctets)
        try Self.write(dailySeconds, to: &container, .dailySeconds)
        try Self.write(weeklyOctets, to: &container, .weeklyOctets)
        try Self.write(weeklySeconds, to: &container, .weeklySeconds)
        try Self.write(monthlyOctets, to: &container, .monthlyOctets)
        try Self.write(monthlySeconds, to: &container, .monthlySeconds)
        try Self.write(whenExhausted, to: &container, .whenExhausted)
        try Self.write(throttleDownBitsPerSecond, to: &container, .throttleDownBitsPerSecond)
        try Self.write(throttleUpBitsPerSecond, to: &container, .throttleUpBitsPerSecond)
        try Self.write(rateDownBitsPerSecond, to: &container, .rateDownBitsPerSecond)
        try Self.write(rateUpBitsPerSecond, to: &container, .rateUpBitsPerSecond)
        try Self.write(devices, to: &container, .devices)
        try Self.write(openingHours, to: &container, .openingHours)
    }

    private static func change<Value: Decodable>(
        _ container: KeyedDecodingContainer<Rights.CodingKeys>, _ key: Rights.CodingKeys
    ) throws -> Change<Value> {
        guard container.contains(key) else { return .inherited }
        return try container.decodeNil(forKey: key) ? .unlimited : .limited(container.decode(Value.self, forKey: key))
    }

    private static func write<Value: Encodable>(
        _ change: Change<Value>, to container: inout KeyedEncodingContainer<Rights.CodingKeys>, _ key: Rights.CodingKeys
    ) throws {
        switch change {
        case .inherited: break
        case .unlimited: try container.encodeNil(forKey: key)
        case .limited(let value): try container.encode(value, forKey: key)
        }
    }
}
