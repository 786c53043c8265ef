import Testing

@testable import Evidence

@Suite struct AttributionQueryTests {
    private func segment(_ schema: Schema, _ records: [ArchivedRecord]) throws -> SegmentReader {
        let builder = SegmentBuilder(schema)
        for record in records { try builder.append(record) }
        return try Samples.open(try builder.seal(Samples.label(), to: Samples.recipients()))
    }

    @Test func `finds what a look at every record finds`() throws {
        let reader = try Samples.open(
            try Samples.builder(.translations, 30_000).seal(Samples.label(), to: Samples.recipients()))
        let all = try (0..<reader.blocks).flatMap { try reader.records(ofBlock: $0) }
        #expect(reader.blocks > 3)
        for wanted in stride(from: 0, to: all.count, by: 97).map({ all[$0] }) {
            var query = AttributionQuery(
                wanted.publicAddress, port: wanted.publicPort, time: wanted.start - 50_000...wanted.end + 50_000)
            let found = try reader.find(query)
            #expect(found.contains(wanted))
            #expect(found == all.filter { matches($0, query) })
            query.transport = wanted.transport
            #expect(try reader.find(query) == all.filter { matches($0, query) && $0.transport == wanted.transport })
        }
    }

    private func matches(_ record: ArchivedRecord, _ query: AttributionQuery) -> Bool {
        record.publicAddress == query.principal && record.publicPort == query.port
            && record.start <= query.time.upperBound && record.end >= query.time.lowerBound
    }

    @Test func `an address without a port gives all its records, over several blocks`() throws {
        let records = (0..<20_000).map { number in
            var record = ArchivedRecord()
            record.publicAddress = NetworkAddress(v4: number < 19_000 ? 0xc000_0201 : 0xc000_0202)
            record.publicPort = UInt16(number % 60_000)
            record.publicPortEnd = record.publicPort
            (record.start, record.end) = (Int64(number), Int64(number + 1))
            return record
        }
        let reader = try segment(.translations, records)
        let query = AttributionQuery(NetworkAddress(v4: 0xc000_0201), time: 0...100_000)
        #expect(try reader.find(query).count == 19_000)
        #expect(try reader.find(AttributionQuery(NetworkAddress(v4: 0xc000_0203), time: 0...100_000)) == [])
    }

    @Test func `a block of ports answers for each of its ports and for no other`() throws {
        let records = (0..<40_000).map { number in
            var record = ArchivedRecord()
            record.publicAddress = NetworkAddress(v4: 0xc000_0201)
            record.publicPort = UInt16(1024 + (number % 126) * 512)
            record.publicPortEnd = record.publicPort + 511
            record.reference = [UInt8](String(number).utf8)
            (record.start, record.end) = (Int64(number * 10), Int64(number * 10 + 5))
            return record
        }
        let reader = try segment(.translations, records)
        for (port, count) in [(1023, 0), (1024, 1), (1535, 1), (1536, 0)] {
            let query = AttributionQuery(NetworkAddress(v4: 0xc000_0201), port: UInt16(port), time: 1260...1260)
            #expect(try reader.find(query).count == count, "port \(port)")
        }
    }

    @Test func `both ends of an interval belong to it`() throws {
        var record = ArchivedRecord()
        (record.mac, record.start, record.end) = (0x0200_0000_0001, 1000, 2000)
        let reader = try segment(.sessions, [record])
        for (time, count) in [(0...999, 0), (0...1000, 1), (2000...3000, 1), (2001...3000, 0), (1500...1500, 1)] {
            let time = Int64(time.lowerBound)...Int64(time.upperBound)
            #expect(try reader.find(AttributionQuery(mac: 0x0200_0000_0001, time: time)).count == count)
        }
    }

    @Test func `any transport matches a record that names none`() throws {
        var record = ArchivedRecord()
        record.publicAddress = NetworkAddress(v4: 1)
        let reader = try segment(.translations, [record])
        #expect(
            try reader.find(AttributionQuery(NetworkAddress(v4: 1), port: 0, transport: 17, time: 0...0)).count == 1)
    }
}
