import Foundation
import Testing

@testable import Territory

/// SplitMix64: the same numbers every time, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

struct SessionPropertyTests {
    /// Records of one session as its NAS sends them, each with the octets of a random flow.
    private func session(_ generator: inout SeededGenerator) -> [AccountingRecord] {
        var records = [SessionFixture.record(.start, event: 0)]
        var octets: Int64 = 0
        let interims = Int.random(in: 0...12, using: &generator)
        for index in 1...max(1, interims) {
            octets += Int64.random(in: 0...3_000_000_000, using: &generator)
            records.append(SessionFixture.interim(Double(index * 300), octets: octets))
        }
        octets += Int64.random(in: 0...1_000, using: &generator)
        let end = Double(interims * 300 + 301)
        records.append(
            SessionFixture.record(.stop, event: end, seconds: Int64(end), octets: octets, cause: "User-Request"))
        return records
    }

    @Test func `any order and any repetition end in the same row and the same usage`() throws {
        var generator = SeededGenerator(state: 2_865)
        for _ in 0..<2_000 {
            let records = session(&generator)
            let inOrder = SessionLedger(records)
            var shuffled = records
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                shuffled.append(try #require(records.randomElement(using: &generator)))
            }
            shuffled.shuffle(using: &generator)
            let ledger = SessionLedger(shuffled)
            #expect(ledger.usage == inOrder.usage)
            #expect(ledger.archive.isEmpty)
            var (row, wanted) = (try #require(ledger.row), try #require(inOrder.row))
            (row.version, row.sessionID) = (wanted.version, wanted.sessionID)
            wanted.receivedAt = row.receivedAt
            #expect(row == wanted)
            let counters = wanted.counters
            #expect(ledger.usage == counters.usage)
            if row != wanted || ledger.usage != inOrder.usage { return }
        }
    }

    @Test func `arrivals out of order count the same though no record has a time of its own`() throws {
        var generator = SeededGenerator(state: 2_866)
        for _ in 0..<2_000 {
            let records = session(&generator)
            let wanted = try #require(SessionLedger(records).row).counters
            // Each record arrives up to 50 seconds late, some twice; what arrives is all that is known of its time.
            var arrivals: [(Double, AccountingRecord)] = []
            for record in records {
                for _ in 0..<(Bool.random(using: &generator) ? 1 : 2) {
                    var late = record
                    let sent = record.eventTime.date.timeIntervalSince(SessionFixture.origin)
                    let arrival = sent + Double.random(in: 0...50, using: &generator)
                    late.eventTime = EventTime(SessionFixture.at(arrival), isPrecise: false)
                    late.receivedAt = SessionFixture.at(arrival)
                    arrivals.append((arrival, late))
                }
            }
            let ledger = SessionLedger(arrivals.sorted { $0.0 < $1.0 }.map(\.1))
            #expect(ledger.row?.counters == wanted && ledger.usage == wanted.usage)
            #expect(ledger.row?.isOpen == false && ledger.archive.isEmpty)
            if ledger.usage != wanted.usage || ledger.row?.isOpen != false { return }
        }
    }

    @Test func `closing for silence in between changes no count`() throws {
        var generator = SeededGenerator(state: 2_867)
        for _ in 0..<500 {
            let records = session(&generator)
            let wanted = try #require(SessionLedger(records).row).counters.usage
            var ledger = SessionLedger()
            for record in records.shuffled(using: &generator) {
                ledger.apply(record)
                if Bool.random(using: &generator) { ledger.closeIfSilent(now: 1e6) }
            }
            #expect(ledger.usage == wanted)
        }
    }

    @Test func `random records of any kind never trap and never count below zero`() {
        var generator = SeededGenerator(state: 5_080)
        var ledger = SessionLedger()
        for _ in 0..<50_000 {
            let number = { (generator: inout SeededGenerator) -> Int64? in
                switch Int.random(in: 0...4, using: &generator) {
                case 0: nil
                case 1: 0
                case 2: Int64.random(in: .min ... .max, using: &generator)
                default: Int64.random(in: 0...100_000, using: &generator)
                }
            }
            let kind = AccountingRecord.Kind.allCases.randomElement(using: &generator) ?? .start
            var record = SessionFixture.record(
                kind, event: Double.random(in: -1e5...1e5, using: &generator), seconds: number(&generator),
                precise: Bool.random(using: &generator))
            record.input = .init(
                octets: number(&generator), hasGigawords: Bool.random(using: &generator), packets: number(&generator))
            record.output = .init(octets: number(&generator), hasGigawords: Bool.random(using: &generator))
            ledger.apply(record)
            ledger.close(record)
            let usage = ledger.last.usage
            #expect(usage.seconds >= 0 && usage.inputOctets >= 0 && usage.outputOctets >= 0)
            if let row = ledger.row {
                #expect(row.counters.inputOctets >= 0 && row.counters.outputOctets >= 0 && row.counters.seconds >= 0)
                #expect(row.stoppedAt.map { $0 >= row.startedAt } ?? true)
            }
        }
    }
}
