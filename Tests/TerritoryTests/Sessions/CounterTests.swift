import Foundation
import Testing

@testable import Territory

struct CounterTests {
    private let word: Int64 = 4_294_967_296

    private func records(_ octets: [Int64], hasGigawords: Bool) -> [AccountingRecord] {
        octets.enumerated().map { index, octets in
            let seconds = Double(index + 1) * 300
            var record = SessionFixture.record(.interim, event: seconds, seconds: Int64(seconds))
            record.input = .init(octets: octets, hasGigawords: hasGigawords)
            return record
        }
    }

    @Test func `joins octets and Gigawords (RFC 2869 §5.1)`() {
        let direction = { AccountingRecord.Direction(octets: $0, gigawords: $1) }
        #expect(direction(5, 2).octets == 2 * word + 5)
        #expect(direction(5, nil).octets == 5 && !direction(5, nil).hasGigawords)
        #expect(direction(nil, nil).octets == nil)
        #expect(direction(.max, 0x7FFF_FFFF).octets == .max)
        #expect(direction(0, 0x8000_0000).octets == .max)
        #expect(direction(nil, 1).octets == word)
    }

    @Test func `exchanges directions for gateways that reverse them (pfsense#372)`() {
        let record = AccountingRecord(
            kind: .interim, nasID: 1, organisationID: 1, siteID: 1, sessionKey: SessionFixture.key, acctSessionID: "s",
            input: .init(octets: 1), output: .init(octets: 2), swapOctets: true,
            eventTime: EventTime(.now, isPrecise: true), receivedAt: .now)
        #expect(record.input.octets == 2 && record.output.octets == 1)
    }

    @Test func `goes on past 2³² where there is no Gigawords attribute`() {
        let ledger = SessionLedger(records([4_294_960_000, 5_000, 9_000, 4_294_000_000, 100], hasGigawords: false))
        #expect(ledger.row?.counters.inputOctets == 2 * word + 100)
        #expect(ledger.usage.inputOctets == 2 * word + 100)
        #expect(!ledger.last.counterWentBack)
    }

    @Test func `takes a counter that goes back for a new baseline, and never counts below zero`() {
        var ledger = SessionLedger(records([1_000, 100], hasGigawords: true))
        #expect(ledger.last.counterWentBack && ledger.row?.counters.inputOctets == 100)
        #expect(ledger.last.usage.inputOctets == 100 && ledger.usage.inputOctets == 1_100)
        for record in records([0, 0, 500], hasGigawords: true).suffix(1) { ledger.apply(record) }
        #expect(ledger.usage.inputOctets == 1_500 && ledger.row?.counters.inputOctets == 500)
    }

    @Test func `keeps a counter that an older or undated record has lower`() {
        var ledger = SessionLedger(records([100, 1_000], hasGigawords: true))
        ledger.apply(records([50], hasGigawords: true)[0])
        ledger.apply(SessionFixture.record(.interim, event: 700, octets: 10))
        #expect(ledger.row?.counters.inputOctets == 1_000 && ledger.usage.inputOctets == 1_000)
    }

    @Test func `zero says nothing`() {
        let ledger = SessionLedger(records([1_000, 0], hasGigawords: true))
        #expect(ledger.row?.counters.inputOctets == 1_000 && !ledger.last.counterWentBack)
    }

    @Test func `ends at the largest number rather than overflow`() {
        let ledger = SessionLedger(records([.max, 5, .max - 1], hasGigawords: false))
        #expect((ledger.row?.counters.inputOctets ?? -1) >= 0 && ledger.usage.inputOctets == .max)
    }
}
