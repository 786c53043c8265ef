/// Records out of columns.
extension BlockDecoder {
    /// The records at `places`, or all of them.
    func records(
        _ places: [Int]? = nil, entry: (UInt64) throws(EvidenceError) -> NetworkAddress
    ) throws(EvidenceError) -> [ArchivedRecord] {
        let places = places ?? Array(0..<count)
        var records = [ArchivedRecord](repeating: ArchivedRecord(), count: places.count)
        for field in schema.fields {
            switch field.shape {
            case .integer:
                let values = try integers(field)
                for (record, place) in places.enumerated() { records[record].set(field, values[place]) }
            case .address:
                let values = try addresses(field, entry: entry)
                for (record, place) in places.enumerated() { records[record].set(field, values[place]) }
            case .octets:
                let (entries, numbers) = try texts(field)
                for (record, place) in places.enumerated() { records[record].set(field, entries[Int(numbers[place])]) }
            }
        }
        return records
    }
}

extension ArchivedRecord {
    /// A number of a column or row; one too great for the field loses its upper bits, which no writer makes.
    mutating func set(_ field: Field, _ value: UInt64) {
        switch field {
        case .start: start = Int64(bitPattern: value)
        case .end: end = Int64(bitPattern: value)
        case .received: received = Int64(bitPattern: value)
        case .publicPort: publicPort = UInt16(truncatingIfNeeded: value)
        case .publicPortEnd: publicPortEnd = UInt16(truncatingIfNeeded: value)
        case .transport: transport = UInt8(truncatingIfNeeded: value)
        case .privatePort: privatePort = UInt16(truncatingIfNeeded: value)
        case .destinationPort: destinationPort = UInt16(truncatingIfNeeded: value)
        case .mac: mac = value
        case .event: event = RecordEvent(rawValue: UInt8(truncatingIfNeeded: value))
        case .flags: flags = RecordFlags(rawValue: UInt16(truncatingIfNeeded: value))
        case .clockOffset: clockOffset = Int32(truncatingIfNeeded: value)
        case .clockTolerance: clockTolerance = UInt32(truncatingIfNeeded: value)
        case .octetsIn: octetsIn = value
        case .octetsOut: octetsOut = value
        case .publicAddress, .privateAddress, .destinationAddress, .subject, .source, .site, .accessPoint, .reference,
            .payload:
            return
        }
    }

    mutating func set(_ field: Field, _ value: NetworkAddress) {
        if field == .publicAddress { publicAddress = value }
        if field == .privateAddress { privateAddress = value }
        if field == .destinationAddress { destinationAddress = value }
    }

    mutating func set(_ field: Field, _ value: [UInt8]) {
        if field == .subject { subject = value }
        if field == .source { source = value }
        if field == .site { site = value }
        if field == .accessPoint { accessPoint = value }
        if field == .reference { reference = value }
        if field == .payload { payload = value }
    }
}
