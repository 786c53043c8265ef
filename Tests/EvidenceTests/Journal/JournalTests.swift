import Testing

@testable import Evidence

@Suite struct JournalTests {
    private let auditor = ArchiveKey(generating: .auditor, name: "auditor")
    private let officers = (1...3).map { ArchiveKey(generating: .officer, name: "officer-\($0)") }

    private func recipients() throws -> Recipients {
        try Recipients(auditor: auditor.recipient, officers: officers.map(\.recipient))
    }

    private let label = SegmentLabel(
        recordClass: "C4", tenant: "commun", period: 1_800_000_000_000..<1_800_086_400_000, sealedAt: 1_800_000_000_001,
        expiresAt: 1_831_622_400_000, policy: "france/1", basis: "R.10-13 IV")

    private func record(_ number: Int, _ builder: SegmentBuilder) throws -> NewRecord {
        var record = NewRecord()
        (record.start, record.end) = (1_800_000_000_000 + Int64(number), 1_800_000_000_500 + Int64(number))
        (record.received, record.publicAddress) = (record.end + 20, NetworkAddress(v4: 0xc000_0207))
        (record.publicPort, record.transport) = (UInt16(truncatingIfNeeded: number), 6)
        record.privateAddress = NetworkAddress(v4: 0x0a00_0000 + UInt32(number))
        (record.mac, record.event) = (0x0200_5e00_5301, .binding)
        record.source = try builder.intern("bar-le-duc.nat")
        record.reference = try builder.intern("binding-\(number % 50)")
        return record
    }

    /// The octets of a journal of so many records, written in so many calls, and those records as a reader gives them.
    private func journal(_ count: Int, calls: Int) throws -> (octets: [UInt8], records: [ArchivedRecord]) {
        let builder = SegmentBuilder(.translations)
        let writer = try JournalWriter(.translations, label, to: try recipients())
        var octets = writer.header
        var expected: [ArchivedRecord] = []
        for number in 0..<count {
            let record = try record(number, builder)
            try builder.append(record)
            var read = ArchivedRecord()
            read.copyNumbers(of: record)
            (read.source, read.reference) = (Array("bar-le-duc.nat".utf8), Array("binding-\(number % 50)".utf8))
            expected.append(read)
            if number % max(1, count / calls) == 0 { octets += try writer.frames(of: builder) }
        }
        octets += try writer.frames(of: builder)
        #expect(try writer.frames(of: builder).isEmpty, "what was written once is not written again")
        return (octets, expected)
    }

    private func key(_ file: JournalFile) throws -> DataKey {
        try DataKey(try file.shares(of: officers[0]), try file.shares(of: officers[2]))
    }

    @Test func `two officers read what a crashed process had written`() throws {
        let (octets, records) = try journal(2_000, calls: 7)
        let file = try JournalFile(octets)
        #expect(file.soundLength == octets.count)
        #expect(file.records == 2_000)
        #expect(file.header.label == label)
        #expect(try file.records(key(file)) == records)
        let auditorsKey = try DataKey(auditor: try #require(try file.shares(of: auditor).first))
        #expect(try file.records(auditorsKey) == records)
    }

    @Test func `what a frame cannot hold goes to the next`() throws {
        let (octets, records) = try journal(40_000, calls: 1)
        let file = try JournalFile(octets)
        #expect(file.frames.count > 3)
        #expect(file.frames.allSatisfy { $0.range.count <= JournalWriter.frameLimit + 66_000 })
        #expect(try file.records(key(file)) == records)
    }

    @Test func `a torn end is left out, whatever octet it tore at`() throws {
        let (octets, records) = try journal(60, calls: 6)
        let whole = try JournalFile(octets)
        let last = try #require(whole.frames.last)
        for end in (last.range.lowerBound - 8)..<octets.count {
            let file = try JournalFile(Array(octets[..<end]))
            #expect(file.soundLength == last.range.lowerBound - 8)
            let read = try file.records(key(whole))
            #expect(read == Array(records[..<read.count]))
            #expect(read.count >= 50)
        }
    }

    @Test func `no octet can be changed unnoticed`() throws {
        let (octets, records) = try journal(30, calls: 3)
        let sound = try JournalFile(octets)
        let key = try key(sound)
        for place in octets.indices {
            var changed = octets
            changed[place] ^= 0x04
            guard let file = try? JournalFile(changed) else { continue }
            #expect(file.seal != sound.seal, "octet \(place)")
            // A changed length looks like a torn end, which the seal tells apart; nothing that is read is another record.
            if let read = try? file.records(key) {
                #expect(read == Array(records.prefix(read.count)), "octet \(place)")
            }
        }
    }

    @Test func `one officer alone, or a stranger, reads nothing`() throws {
        let (octets, _) = try journal(10, calls: 1)
        let file = try JournalFile(octets)
        let shares = try file.shares(of: officers[1])
        #expect(throws: EvidenceError(.sharesDoNotPair, in: "")) { try DataKey(shares, shares) }
        let stranger = ArchiveKey(generating: .officer, name: "officer-1")
        #expect(throws: EvidenceError(.notARecipient, in: "")) { try file.shares(of: stranger) }
        #expect(throws: EvidenceError(.authenticationFailed, in: "")) { try file.records(DataKey.fresh()) }
        let secret = Array("binding-3".utf8)
        #expect(!octets.indices.contains { octets[$0...].starts(with: secret) })
    }

    @Test func `a header that lies about its length is refused`() throws {
        let (octets, _) = try journal(1, calls: 1)
        for length in [0, 13, 14, 70_000, Int(UInt32.max)] {
            var changed = octets
            for index in 0..<4 { changed[10 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
            #expect(throws: EvidenceError.self) { try JournalFile(changed) }
        }
        for end in 0..<14 { #expect(throws: EvidenceError.self) { try JournalFile(Array(octets[..<end])) } }
    }

    @Test func `a class that would lead out of the archive's folder is refused, written or read`() throws {
        let (octets, _) = try journal(1, calls: 1)
        let place = try #require(octets.indices.first { octets[$0...].starts(with: [2, 0x43, 0x34]) })
        var changed = octets
        changed.replaceSubrange(place + 1...place + 2, with: Array("./".utf8))
        #expect(throws: EvidenceError(.malformed, in: "")) { try JournalFile(changed) }
        var outside = label
        outside.recordClass = "../C4"
        #expect(throws: EvidenceError(.malformed, in: "")) {
            try JournalWriter(.translations, outside, to: try recipients())
        }
    }
}
