import Testing

@testable import Evidence

@Suite struct SegmentRoundTripTests {
    private func key(_ record: ArchivedRecord, _ schema: Schema) -> (NetworkAddress, UInt16, UInt8, Int64) {
        let principal =
            switch schema.principal {
            case .publicAddress: record.publicAddress
            case .privateAddress: record.privateAddress
            case .mac: NetworkAddress(high: 0, low: record.mac)
            case .none: NetworkAddress.none
            }
        let hasPort = schema.has(.publicPort)
        return (principal, hasPort ? record.publicPort : 0, hasPort ? record.transport : 0, record.start)
    }

    /// Records that use every field to its limits, and repeat.
    private func extremes() -> [ArchivedRecord] {
        var random = SystemRandomNumberGenerator()
        return (0..<300).map { number in
            var record = ArchivedRecord()
            record.start = [.min, -1, 0, 1_790_000_000_000, .max].randomElement(using: &random) ?? 0
            record.end = [.min, 0, record.start, .max].randomElement(using: &random) ?? 0
            record.received = [.min, 0, record.end, .max].randomElement(using: &random) ?? 0
            record.publicAddress = NetworkAddress(high: .random(in: 0...3), low: .random(in: .min ... .max))
            record.publicPort = [0, 1, 1024, 65535].randomElement(using: &random) ?? 0
            record.publicPortEnd = [0, 2, 2047, 65535].randomElement(using: &random) ?? 0
            record.transport = .random(in: .min ... .max)
            record.privateAddress = NetworkAddress(high: .random(in: .min ... .max), low: UInt64(number / 10))
            record.privatePort = .random(in: .min ... .max)
            record.destinationAddress = NetworkAddress(high: 0, low: .random(in: 0...50))
            record.destinationPort = .random(in: .min ... .max)
            record.mac = .random(in: 0...0xffff_ffff_ffff)
            record.event = RecordEvent(rawValue: .random(in: .min ... .max))
            record.flags = RecordFlags(rawValue: .random(in: .min ... .max))
            record.clockOffset = .random(in: .min ... .max)
            record.clockTolerance = .random(in: .min ... .max)
            record.octetsIn = .random(in: .min ... .max)
            record.octetsOut = [0, .max].randomElement(using: &random) ?? 0
            record.subject = [UInt8](repeating: 7, count: number % 3)
            record.source = Array("source \(number % 5)".utf8)
            record.site = []
            record.accessPoint = [UInt8](repeating: UInt8(number % 256), count: number)
            record.reference = [UInt8("r".utf8.first ?? 0), UInt8(number % 256)]
            record.payload = [UInt8](repeating: 0, count: number == 9 ? 65_535 : 0)
            return record
        }
    }

    /// The record as the schema keeps it.
    private func kept(_ record: ArchivedRecord, _ schema: Schema) -> ArchivedRecord {
        var kept = record
        if !schema.has(.publicAddress) { (kept.publicAddress, kept.privatePort) = (.none, 0) }
        if !schema.has(.publicPort) { (kept.publicPort, kept.publicPortEnd, kept.transport) = (0, 0, 0) }
        if !schema.has(.privateAddress) { kept.privateAddress = .none }
        if !schema.has(.destinationAddress) { (kept.destinationAddress, kept.destinationPort) = (.none, 0) }
        if !schema.has(.mac) { kept.mac = 0 }
        if !schema.has(.octetsIn) { (kept.octetsIn, kept.octetsOut, kept.accessPoint) = (0, 0, []) }
        if !schema.has(.payload) { kept.payload = [] }
        return kept
    }

    private func all(_ reader: SegmentReader) throws -> [ArchivedRecord] {
        try (0..<reader.blocks).flatMap { try reader.records(ofBlock: $0) }
    }

    @Test(arguments: Schema.all)
    func `gives back every value of every field, in the order of the kind`(schema: Schema) throws {
        let records = extremes()
        let builder = SegmentBuilder(schema)
        for record in records { try builder.append(record) }
        let reader = try Samples.open(try builder.seal(Samples.label(), to: Samples.recipients()))
        #expect(try reader.verify() == records.count)
        let expected = records.map { kept($0, schema) }.enumerated()
            .sorted { left, right in
                let (first, second) = (key(left.element, schema), key(right.element, schema))
                return first == second ? left.offset < right.offset : first < second
            }.map(\.element)
        #expect(try all(reader) == expected)
    }

    @Test(arguments: [1, 2, 4095, 4096, 4097, 8193])
    func `a segment of any length comes back whole`(count: Int) throws {
        let segment = try Samples.builder(.destinations, count).seal(Samples.label(), to: Samples.recipients())
        let reader = try Samples.open(segment)
        #expect(try reader.verify() == count)
        #expect(reader.blocks == (count + 4095) / 4096)
        var flows = GeneratedFlows()
        let starts = (0..<count).map { _ in flows.flow().record.start }
        #expect(try all(reader).map(\.start).sorted() == starts.sorted())
    }

    @Test func `a segment without records is refused`() throws {
        #expect(throws: EvidenceError(.empty, in: "")) {
            try SegmentBuilder(.leases).seal(Samples.label(), to: Samples.recipients())
        }
    }

    @Test func `long documents make blocks of fewer records`() throws {
        let builder = SegmentBuilder(.documents)
        for number in 0..<200 {
            var record = ArchivedRecord()
            record.start = Int64(number)
            record.payload = (0..<65_535).map { UInt8(truncatingIfNeeded: $0 &* number) }
            try builder.append(record)
        }
        let reader = try Samples.open(try builder.seal(Samples.label("C7"), to: Samples.recipients()))
        #expect(reader.blocks == 4)
        #expect(try reader.verify() == 200)
        #expect(try all(reader).last?.payload.count == 65_535)
    }

    @Test func `an octet string of 65 535 octets is taken and one of 65 536 refused`() throws {
        let builder = SegmentBuilder(.documents)
        #expect(try builder.intern([UInt8](repeating: 1, count: 65_535)) != .none)
        #expect(throws: EvidenceError(.full, in: "")) { try builder.intern([UInt8](repeating: 1, count: 65_536)) }
    }

    @Test func `a token that the builder never gave is refused`() throws {
        let (one, other) = (SegmentBuilder(.leases), SegmentBuilder(.leases))
        var record = NewRecord()
        record.source = try one.intern("kea")
        #expect(throws: EvidenceError(.malformed, in: "")) { try other.append(record) }
    }

    @Test func `distinct strings have distinct tokens and equal ones the same`() throws {
        let builder = SegmentBuilder(.leases)
        let first = try (0..<5000).map { try builder.intern("host-\($0)") }
        #expect(Set(first).count == 5000)
        #expect(try (0..<5000).map { try builder.intern("host-\($0)") } == first)
        #expect(try builder.intern("") == .none)
    }

    @Test(arguments: ["", "C4/..", "C 4", "é", String(repeating: "C", count: 33)])
    func `a class that is no part of a name is refused`(recordClass: String) throws {
        #expect(throws: EvidenceError(.malformed, in: "")) {
            try Samples.builder(.leases, 1).seal(Samples.label(recordClass), to: Samples.recipients())
        }
    }

    @Test func `a label longer than 255 octets or with control characters is refused`() throws {
        let builder = try Samples.builder(.translations, 1)
        var label = Samples.label()
        label.basis = String(repeating: "x", count: 255)
        _ = try builder.seal(label, to: Samples.recipients())
        for basis in [String(repeating: "x", count: 256), "two\nlines"] {
            label.basis = basis
            #expect(throws: EvidenceError(.malformed, in: "")) { try builder.seal(label, to: Samples.recipients()) }
        }
    }
}
