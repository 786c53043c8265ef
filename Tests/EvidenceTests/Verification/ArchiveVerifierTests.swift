import Testing

@testable import Evidence

@Suite struct ArchiveVerifierTests {
    /// Three days, 270 entries, so that the log has a full tile and a level above it.
    private func archive() throws -> MemoryArchive {
        let built = try MemoryArchive()
        try built.seal(day: 0)
        for number in 0..<267 {
            let time = built.clock + Int64(number)
            try built.append(
                LogEntry(.clock, ["time": String(time), "source": "gw-\(number)", "offset": "3", "tolerance": "2"]))
        }
        try built.publish()
        try built.seal("C5", day: 1, days: 5)
        try built.seal(day: 2)
        try built.publish()
        return built
    }

    private func codes(_ report: VerificationReport) -> [Finding.Code] { report.findings.map(\.code) }

    @Test func `a whole archive is sound, and the report says what was proved`() throws {
        let report = try archive().verify(at: 4)
        #expect(report.findings == [])
        #expect(report.isSound)
        #expect(report.checkpoint?.size == 270)
        #expect(report.consistentCheckpoints == 2)
        #expect(report.entries == [.sealed: 3, .clock: 267])
        #expect(report.classes["C4"]?.live == 2)
        #expect(report.classes["C4"]?.liveRecords == 40)
        #expect(report.classes["C5"]?.nextExpiry == Samples.day.lowerBound + 7 * MemoryArchive.dayLength)
        let statement = report.statement
        #expect(
            statement.contains("Verified as of 2026-09-25T00:00:00.000Z: the log archive.example/log of 270 entries"))
        #expect(statement.contains("cosigned by audit.example/witness"))
    }

    @Test func `a flipped bit in any object is found and that object named`() throws {
        let archive = try archive()
        let whole = archive.objects
        for (name, octets) in whole.sorted(by: { $0.key < $1.key }) {
            let step = max(1, octets.count / 11)
            for place in stride(from: 0, to: octets.count, by: step) {
                var damaged = octets
                damaged[place] ^= 1 << UInt8(place % 7)
                archive.objects = whole
                archive.objects[name] = damaged
                let report = try archive.verify(at: 4)
                // An earlier checkpoint whose witness's name is spoilt is still the log's: a warning.
                if !name.hasPrefix("checkpoints/") { #expect(!report.isSound, "\(name), octet \(place)") }
                #expect(report.findings.contains { $0.object == name }, "\(name), octet \(place): \(report.findings)")
            }
        }
    }

    @Test func `a damaged tile or entry is located to the octet or the entry`() throws {
        let archive = try archive()
        let whole = archive.objects
        archive.objects["tile/0/000"]?[32 * 17 + 5] ^= 1
        #expect(
            try archive.verify(at: 4).findings.map(\.description) == [
                "error tileDamaged: tile/0/000: octet 549 is not as the log requires"
            ])
        archive.objects = whole
        archive.objects["tile/1/000.p/1"]?[9] ^= 1
        #expect(
            try archive.verify(at: 4).findings.map(\.description) == [
                "error tileDamaged: tile/1/000.p/1: octet 9 is not as the log requires"
            ])
        archive.objects = whole
        let bundle = try #require(archive.objects["tile/entries/000"])
        let place = try #require(bundle.firstRange(of: [UInt8]("gw-41".utf8))).lowerBound
        archive.objects["tile/entries/000"]?[place] ^= 1
        #expect(
            try archive.verify(at: 4).findings.map(\.description) == [
                "error entryDamaged: tile/entries/000: entry 42 has not the hash in its tile"
            ])
    }

    @Test(arguments: ["tile/0/000", "tile/entries/000", "tile/0/001.p/14", "tile/1/000.p/1", "tile/entries/001.p/14"])
    func `a missing tile is found, and the rest still checked`(path: String) throws {
        let archive = try archive()
        archive.objects[path] = nil
        let report = try archive.verify(at: 4)
        #expect(report.findings.contains { $0.object == path && $0.severity == .error })
        #expect(report.consistentCheckpoints == 2)
    }

    @Test func `a log that lost its newest entries is exposed by the witness's checkpoint`() throws {
        let archive = try archive()
        let before = archive.objects
        try archive.seal(day: 3)
        let seen = try archive.publish()
        #expect(try archive.verify(at: 4, witnessed: [seen]).isSound)
        archive.objects = before
        let report = try archive.verify(at: 4, witnessed: [seen])
        #expect(codes(report) == [.rolledBack])
        #expect(report.findings.first?.detail == "the log had 271 entries and now has 270")
    }

    @Test func `a log that was written anew is exposed by the witness's checkpoint`() throws {
        let archive = try archive()
        let other = try MemoryArchive()
        try other.seal(day: 0)
        let checkpoint = Checkpoint(origin: "archive.example/log", size: 1, root: Digest(of: [9]))
        var seen = try checkpoint.signed(by: archive.logKey)
        try seen.cosign(archive.witness, time: 1)
        #expect(codes(try archive.verify(at: 4, witnessed: [seen])) == [.forked])
        var unknown = try checkpoint.signed(by: archive.logKey)
        try unknown.cosign(other.witness, time: 1)
        #expect(codes(try archive.verify(at: 4, witnessed: [unknown])) == [.witnessInvalid])
    }

    @Test func `a checkpoint without the witness is short of a cosignature, and without the log's key proves nothing`()
        throws
    {
        let archive = try archive()
        let note = try SignedNote(octets: #require(archive.objects["checkpoint"]))
        let alone = try Checkpoint(note.text).signed(by: archive.logKey)
        archive.objects["checkpoint"] = [UInt8](alone.encoded.utf8)
        #expect(codes(try archive.verify(at: 4)) == [.cosignaturesMissing])
        var cosigned = try SignedNote(note.text)
        try cosigned.cosign(archive.witness, time: 1)
        archive.objects["checkpoint"] = [UInt8](cosigned.encoded.utf8)
        let report = try archive.verify(at: 4)
        #expect(codes(report) == [.checkpointUnsigned])
        #expect(report.statement == "Nothing was proved: there is no valid checkpoint.")
        archive.objects["checkpoint"] = nil
        #expect(codes(try archive.verify(at: 4)) == [.checkpointMissing])
    }

    // The segments.

    @Test func `a segment that is gone, that nobody sealed, or that is there twice`() throws {
        let archive = try archive()
        let whole = archive.objects
        archive.objects[archive.names[0]] = nil
        #expect(codes(try archive.verify(at: 4)) == [.segmentMissing])
        archive.objects = whole
        archive.objects["segments/C4/2026-09-21/\(SegmentID.random()).segment"] = whole[archive.names[0]]
        #expect(codes(try archive.verify(at: 4)) == [.segmentUnlogged])
        archive.objects = whole
        let copy = archive.names[0].replacing("/C4/", with: "/C5/")
        archive.objects[copy] = whole[archive.names[0]]
        #expect(Set(codes(try archive.verify(at: 4))) == [.segmentMisplaced])
        archive.objects = whole
        archive.objects[archive.names[0]] = whole[archive.names[2]]
        #expect(codes(try archive.verify(at: 4)) == [.segmentDamaged])
    }

    @Test func `an entry that says other than the header is found`() throws {
        let archive = try MemoryArchive()
        let entry = try archive.seal(day: 0)
        let other = try MemoryArchive()
        other.objects = archive.objects
        var values = entry.values
        values["expires"] = "-9223372036854775808"
        try other.append(LogEntry(.sealed, values))
        try other.publish()
        #expect(codes(try other.verify(at: 4)).contains(.segmentDiffers))
    }

    @Test func `entries that say the greatest and least numbers do no harm`() throws {
        let archive = try MemoryArchive()
        let entry = try archive.seal(day: 0)
        for (number, said) in [Int64.max, .max, .min, .min].enumerated() {
            var values = entry.values
            values["segment"] = SegmentID.random().description
            values["class"] = number == 1 ? "C5" : "C4"
            for name in ["time", "from", "until", "records", "length", "expires"] { values[name] = String(said) }
            try archive.append(LogEntry(.sealed, values))
        }
        try archive.append(.gap(source: "a", from: .min, until: .max, cause: "b", lost: .max, time: .min))
        try archive.publish()
        for day in [-1_000_000, 4, 1_000_000] {
            let report = try archive.verify(at: day)
            #expect(!report.isSound)
            #expect(report.statement.contains("FAILED"))
        }
    }

    // The law.

    @Test func `what is due is noticed, and what is overdue is over-retention`() throws {
        let archive = try archive()
        #expect(codes(try archive.verify(at: 6)) == [])
        #expect(codes(try archive.verify(at: 7)) == [.purgeDue])
        #expect(codes(try archive.verify(at: 8)) == [.purgeDue])
        let report = try archive.verify(at: 9)
        #expect(codes(report) == [.overRetained])
        #expect(report.findings.first?.detail == "should have been destroyed 2026-09-28T00:00:00.000Z")
        #expect(report.statement.contains("FAILED"))
    }

    @Test func `a destroyed segment is proved destroyed, and one that survives is found`() throws {
        let archive = try archive()
        let octets = archive.objects[archive.names[1]]
        let time = Samples.day.lowerBound + 7 * MemoryArchive.dayLength
        try archive.destroy(1, at: time)
        try archive.publish()
        let report = try archive.verify(at: 20)
        #expect(report.findings == [])
        #expect(report.classes["C5"]?.destroyedRecords == 20)
        #expect(report.classes["C5"]?.live == 0)
        archive.objects[archive.names[1]] = octets
        #expect(codes(try archive.verify(at: 20)) == [.survivesDestruction])
    }

    @Test func `a destruction too early, twice, of the wrong count or of nothing is found`() throws {
        let archive = try archive()
        let time = Samples.day.lowerBound + 6 * MemoryArchive.dayLength
        try archive.destroy(1, at: time)
        try archive.destroy(1, at: time)
        var values = try LogEntry.destroyed(archive.sealed[0], time: time, reason: "order", policy: "1").values
        values["records"] = "7"
        try archive.append(LogEntry(.destroyed, values))
        values["segment"] = SegmentID.random().description
        try archive.append(LogEntry(.destroyed, values))
        archive.objects[archive.names[0]] = nil
        try archive.publish()
        #expect(
            codes(try archive.verify(at: 8)) == [
                .destroyedEarly, .destroyedTwice, .countDiffers, .destroyedEarly, .destroyedUnknown,
            ])
    }

    @Test func `a hold keeps its vault beyond its term, until it ends`() throws {
        let archive = try archive()
        let vault = archive.sealed[1]["segment"]
        let hold = [
            "time": "1790300000000", "hold": "H-1", "action": "placed", "segment": "-", "vault": vault,
            "authority": "TJ La Rochelle", "reference": "2026/123", "until": "-",
        ]
        try archive.append(LogEntry(.hold, hold))
        try archive.publish()
        #expect(codes(try archive.verify(at: 300)) == [])
        try archive.append(LogEntry(.hold, hold.merging(["action": "ended"]) { $1 }))
        try archive.publish()
        #expect(codes(try archive.verify(at: 300)) == [.overRetained])
    }

    @Test func `gaps are listed, and a clock that went back is a warning`() throws {
        let archive = try archive()
        try archive.append(
            .gap(source: "gw-1", from: 1_790_000_000_000, until: 1_790_000_420_000, cause: "silent", lost: nil, time: 5)
        )
        try archive.publish()
        let report = try archive.verify(at: 4)
        #expect(codes(report) == [.timeReversed, .gap])
        #expect(report.isSound)
        #expect(
            report.findings.last?.detail
                == "gw-1, 2026-09-21T14:13:20.000Z to 2026-09-21T14:20:20.000Z: silent, an unknown number of records lost"
        )
    }

    @Test func `an entry of a kind to come is a warning`() throws {
        let archive = try archive()
        var writer = LogWriter()
        try writer.append([UInt8]("socle-archive/2 NEW\n".utf8))
        for object in writer.objects() { archive.objects[object.path] = object.octets }
        var note = try Checkpoint(origin: "archive.example/log", size: 1, root: writer.root).signed(by: archive.logKey)
        try note.cosign(archive.witness, time: 1)
        archive.objects = archive.objects.filter { ["tile/0/000.p/1", "tile/entries/000.p/1"].contains($0.key) }
        archive.objects["checkpoint"] = [UInt8](note.encoded.utf8)
        let report = try archive.verify(at: 4)
        #expect(codes(report) == [.entryUnreadable])
        #expect(report.isSound)
    }

    @Test func `storage that fails is a finding`() throws {
        let key = try NoteSigner(generating: .log, name: "a").verifier
        let terms = ArchiveVerifier.Terms(origin: "a", logKeys: [key], instant: 0)
        struct Away: Error {}
        let storage = ArchiveStorage(read: { _ in throw Away() }, names: { _ in throw Away() }, segment: { _ in nil })
        #expect(codes(ArchiveVerifier(storage, terms).verify()) == [.checkpointInvalid])
    }

    @Test func `what progress throws ends the verification`() throws {
        struct Enough: Error {}
        let archive = try archive()
        let terms = ArchiveVerifier.Terms(
            origin: "archive.example/log", logKeys: [archive.logKey.verifier], instant: 0)
        #expect(throws: Enough.self) {
            _ = try ArchiveVerifier(archive.storage, terms).verify { done, all in
                #expect(all == 3)
                if done == 2 { throw Enough() }
            }
        }
    }
}

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (Int64.max, "9223372036854775807"),
        (Int64.min, "-9223372036854775808"),
    ])
    func `times are written in UTC`(milliseconds: Int64, text: String) {
        #expect(UTCTime.text(milliseconds) == text)
    }
}
