extension SitePackage {
    static func readRights(_ reader: DocumentReader) -> Rights? {
        let value = { (key: Rights.CodingKeys) in reader.integer(key.rawValue, range(of: key)) }
        let seconds = { (key: Rights.CodingKeys) in value(key).map(Int.init) }
        var rights = Rights()
        rights.sessionSeconds = reader.integer(
            Rights.CodingKeys.sessionSeconds.rawValue, required: true, range(of: .sessionSeconds)
        ).map(Int.init)
        rights.idleSeconds = seconds(.idleSeconds)
        rights.interimSeconds = seconds(.interimSeconds)
        rights.dailyOctets = value(.dailyOctets)
        rights.dailySeconds = seconds(.dailySeconds)
        rights.weeklyOctets = value(.weeklyOctets)
        rights.weeklySeconds = seconds(.weeklySeconds)
        rights.monthlyOctets = value(.monthlyOctets)
        rights.monthlySeconds = seconds(.monthlySeconds)
        rights.whenExhausted = reader.choice(Rights.CodingKeys.whenExhausted.rawValue)
        rights.throttleDownBitsPerSecond = value(.throttleDownBitsPerSecond)
        rights.throttleUpBitsPerSecond = value(.throttleUpBitsPerSecond)
        rights.rateDownBitsPerSecond = value(.rateDownBitsPerSecond)
        rights.rateUpBitsPerSecond = value(.rateUpBitsPerSecond)
        rights.devices = seconds(.devices)
        rights.openingHours = readHours(reader)
        checkThrottle(reader, rights)
        return rights
    }

    /// `groups`: names of the package's own, each with what it gives.
    static func readGroups(_ reader: DocumentReader) -> [String: GroupPlan]? {
        let groups = reader.entries("groups", count: 0...32) { name, group -> GroupPlan? in
            if Slug(rawValue: name) == nil {
                group.fault("", "is no name of a group, wanted lowercase letters, digits and hyphens")
            }
            let vlan = group.integer("vlan", 1...4_094).map(Int.init)
            let role = group.string("role", length: 1...64)
            if let role, !role.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
                group.fault("role", "has characters other than those of ASCII that print")
            }
            let rights = group.group("rights", readOverride)
            return GroupPlan(vlan: vlan, role: role, rights: rights.flatMap { $0.isEmpty ? nil : $0 })
        }
        // A document without groups is what it was before there were any, to the byte.
        return groups.isEmpty ? nil : groups
    }

    /// Rights of which any may be missing (inherited) or null (without limit).
    private static func readOverride(_ reader: DocumentReader) -> RightsOverride? {
        let value = { (key: Rights.CodingKeys) in
            reader.change(key.rawValue) { reader.integer($0, range(of: key)) }
        }
        let seconds = { (key: Rights.CodingKeys) in
            reader.change(key.rawValue) { reader.integer($0, range(of: key)).map(Int.init) }
        }
        var rights = RightsOverride()
        rights.sessionSeconds = seconds(.sessionSeconds)
        rights.idleSeconds = seconds(.idleSeconds)
        rights.interimSeconds = seconds(.interimSeconds)
        rights.dailyOctets = value(.dailyOctets)
        rights.dailySeconds = seconds(.dailySeconds)
        rights.weeklyOctets = value(.weeklyOctets)
        rights.weeklySeconds = seconds(.weeklySeconds)
        rights.monthlyOctets = value(.monthlyOctets)
        rights.monthlySeconds = seconds(.monthlySeconds)
        rights.whenExhausted = reader.change(Rights.CodingKeys.whenExhausted.rawValue) { reader.choice($0) }
        rights.throttleDownBitsPerSecond = value(.throttleDownBitsPerSecond)
        rights.throttleUpBitsPerSecond = value(.throttleUpBitsPerSecond)
        rights.rateDownBitsPerSecond = value(.rateDownBitsPerSecond)
        rights.rateUpBitsPerSecond = value(.rateUpBitsPerSecond)
        rights.devices = seconds(.devices)
        rights.openingHours = reader.change(Rights.CodingKeys.openingHours.rawValue) { _ in readHours(reader) }
        return rights
    }

    private static func range(of key: Rights.CodingKeys) -> ClosedRange<Int64> {
        let (volume, rate): (ClosedRange<Int64>, ClosedRange<Int64>) =
            (1_000_000...1_000_000_000_000_000, 64_000...100_000_000_000)
        return switch key {
        case .sessionSeconds: 60...2_592_000
        case .idleSeconds, .dailySeconds: 60...86_400
        case .interimSeconds: 60...3_600
        case .weeklySeconds: 60...604_800
        case .monthlySeconds: 60...2_678_400
        case .dailyOctets, .weeklyOctets, .monthlyOctets: volume
        case .rateDownBitsPerSecond, .rateUpBitsPerSecond, .throttleDownBitsPerSecond, .throttleUpBitsPerSecond: rate
        case .devices: 1...1_000
        // These are no numbers.
        case .whenExhausted, .openingHours: 0...0
        }
    }

    private static func readHours(_ reader: DocumentReader) -> OpeningHours? {
        let key = Rights.CodingKeys.openingHours.rawValue
        guard let text = reader.string(key, length: 1...OpeningHours.maximumLength) else { return nil }
        do throws(TerritoryError) {
            return try OpeningHours(text)
        } catch {
            reader.fault(key, error.context)
            return nil
        }
    }

    /// Throttling without saying to what, or a rate that nothing throttles to, is a slip of the pen. Whoever says `refuse`
    /// where `throttle` is inherited may leave the rates where they are.
    private static func checkThrottle(_ reader: DocumentReader, _ rights: Rights) {
        let rates: [(Rights.CodingKeys, Int64?)] = [
            (.throttleDownBitsPerSecond, rights.throttleDownBitsPerSecond),
            (.throttleUpBitsPerSecond, rights.throttleUpBitsPerSecond),
        ]
        for (key, rate) in rates {
            if rights.whenExhausted == .throttle, rate == nil {
                reader.fault(key.rawValue, "is missing: when_exhausted is throttle")
            } else if rights.whenExhausted == nil, rate != nil {
                reader.fault(key.rawValue, "says nothing unless when_exhausted is throttle")
            }
        }
    }
}
