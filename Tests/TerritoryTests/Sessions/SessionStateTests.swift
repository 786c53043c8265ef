import Foundation
import Testing

@testable import Territory

struct SessionStateTests {
    private let start = SessionFixture.record(.start, event: 0)
    private let first = SessionFixture.interim(300, octets: 100)
    private let second = SessionFixture.interim(600, octets: 200)
    private let stop = SessionFixture.record(.stop, event: 900, seconds: 900, octets: 300, cause: "User-Request")
    private let whole = Usage(seconds: 900, inputOctets: 300, outputOctets: 3_000)

    private func at(_ seconds: Double) -> Date { SessionFixture.at(seconds) }

    @Test func `follows a session told in order`() throws {
        var ledger = SessionLedger([start])
        #expect(ledger.row?.isOpen == true && ledger.row?.startedAt == at(0) && ledger.row?.version == 1)
        ledger.apply(first)
        #expect(ledger.last.usage == Usage(seconds: 300, inputOctets: 100, outputOctets: 1_000))
        ledger.apply(second)
        ledger.apply(stop)
        let row = try #require(ledger.row)
        #expect(
            row.stoppedAt == at(900) && !row.inferredStop && row.terminateCause == "User-Request" && row.version == 4)
        #expect(row.lastEventAt == at(900) && row.receivedAt == at(900))
        #expect(ledger.usage == whole && row.counters.inputPackets == 300 && ledger.archive.isEmpty)
    }

    @Test func `writes nothing for any record that comes twice`() {
        var ledger = SessionLedger()
        for record in [start, first, second, stop] {
            ledger.apply(record)
            for repeated in [record, record] {
                ledger.apply(repeated)
                #expect(ledger.last == SessionChange(.ignore(.duplicate)))
            }
        }
        for record in [start, first, second, stop] {
            ledger.apply(record)
            #expect(ledger.last == SessionChange(.ignore(.duplicate)))
        }
        #expect(ledger.usage == whole)
    }

    @Test func `creates a stopped session from a Stop that comes before its Start`() throws {
        var ledger = SessionLedger([stop])
        let row = try #require(ledger.row)
        #expect(row.startedAt == at(0) && row.stoppedAt == at(900) && !row.inferredStop)
        ledger.apply(start)
        #expect(ledger.row?.isOpen == false && ledger.archive.isEmpty)
        #expect(ledger.usage == whole)
    }

    @Test func `creates an open session from an Interim that comes before its Start`() throws {
        var ledger = SessionLedger([first])
        #expect(ledger.row?.startedAt == at(0) && ledger.row?.isOpen == true)
        ledger.apply(SessionFixture.record(.start, event: 1))
        #expect(ledger.row?.startedAt == at(1) && ledger.row?.lastEventAt == at(300))
        #expect(ledger.row?.counters.seconds == 300)
    }

    @Test func `a late Interim reopens a session closed for silence (openwisp-radius#322)`() throws {
        var ledger = SessionLedger([start, first])
        ledger.closeIfSilent(now: 1_600)
        #expect(ledger.row?.stoppedAt == at(300) && ledger.row?.inferredStop == true)
        #expect(ledger.row?.terminateCause == "inferred:silence")
        ledger.apply(SessionFixture.interim(3_000, octets: 400))
        let row = try #require(ledger.row)
        #expect(row.isOpen && !row.inferredStop && row.terminateCause == nil && row.startedAt == at(0))
        #expect(ledger.usage == Usage(seconds: 3_000, inputOctets: 400, outputOctets: 4_000))
    }

    @Test func `a Stop makes an inferred end a told one`() {
        var ledger = SessionLedger([start, first])
        ledger.closeIfSilent(now: 1_600)
        ledger.apply(stop)
        #expect(ledger.row?.stoppedAt == at(900) && ledger.row?.inferredStop == false)
        #expect(ledger.row?.terminateCause == "User-Request" && ledger.usage == whole)
    }

    @Test func `a late Interim older than a Stop does not reopen it, and its counters do not count twice`() {
        var ledger = SessionLedger([start, stop, second])
        #expect(ledger.last.action == .ignore(.duplicate))
        #expect(ledger.row?.stoppedAt == at(900))
        // The same when all we know of its time is its arrival.
        ledger.apply(SessionFixture.record(.interim, event: 905, seconds: 600, octets: 200, precise: false))
        #expect(ledger.row?.stoppedAt == at(900) && ledger.usage == whole)
    }

    @Test func `an Interim that counts past a Stop reopens the session`() {
        var ledger = SessionLedger([start, stop])
        ledger.apply(SessionFixture.interim(1_200, octets: 400))
        #expect(ledger.row?.isOpen == true && ledger.archive.isEmpty)
        #expect(ledger.usage == Usage(seconds: 1_200, inputOctets: 400, outputOctets: 4_000))
    }

    @Test func `a Stop older than an Interim already seen does not end the session`() {
        let ledger = SessionLedger([start, SessionFixture.interim(1_200, octets: 400), stop])
        #expect(ledger.row?.isOpen == true && ledger.row?.counters.seconds == 1_200)
    }

    @Test func `a second Stop that counts further moves the end; one that does not is a duplicate`() {
        var ledger = SessionLedger([start, stop])
        ledger.apply(SessionFixture.record(.stop, event: 905, seconds: 900, octets: 300, precise: false))
        #expect(ledger.last.action == .ignore(.duplicate))
        ledger.apply(SessionFixture.record(.stop, event: 910, seconds: 910, octets: 310, cause: "Lost-Carrier"))
        #expect(ledger.row?.stoppedAt == at(910) && ledger.row?.terminateCause == "Lost-Carrier")
        #expect(ledger.usage == Usage(seconds: 910, inputOctets: 310, outputOctets: 3_100))
    }

    @Test func `a Stop without counters ends the session and keeps them`() {
        for seconds: Int64? in [nil, 0] {
            let ledger = SessionLedger([
                start, first,
                SessionFixture.record(.stop, event: 400, seconds: seconds, octets: seconds.map { _ in 0 }),
            ])
            #expect(ledger.row?.stoppedAt == at(400) && ledger.archive.isEmpty)
            #expect(ledger.usage == Usage(seconds: 400, inputOctets: 100, outputOctets: 1_000))
        }
    }

    @Test func `a Start after a Stop begins another session under the same key (freeradius#1871)`() throws {
        var ledger = SessionLedger([start, stop])
        ledger.apply(SessionFixture.record(.start, event: 901))
        #expect(ledger.archive.map(\.stoppedAt) == [at(900)] && ledger.archive[0].inferredStop == false)
        let row = try #require(ledger.row)
        #expect(row.startedAt == at(901) && row.isOpen && row.counters == .zero)
        #expect(row.version == ledger.archive[0].version + 1 && row.sessionID != ledger.archive[0].sessionID)
        ledger.apply(SessionFixture.interim(1_201, octets: 50, start: 901))
        ledger.apply(stop)
        #expect(ledger.last.action == .ignore(.earlierSession))
        #expect(ledger.usage == whole + Usage(seconds: 300, inputOctets: 50, outputOctets: 500))
    }

    @Test func `a Start on an open session that has counted closes it as inferred`() throws {
        var ledger = SessionLedger([start, first])
        ledger.apply(SessionFixture.record(.start, event: 700))
        let old = try #require(ledger.archive.first)
        #expect(old.stoppedAt == at(300) && old.inferredStop && old.terminateCause == "inferred:new-session")
        #expect(ledger.row?.startedAt == at(700))
    }

    @Test func `takes a Start of unknown time within a minute for a retransmission`() {
        var ledger = SessionLedger([start, first])
        ledger.apply(SessionFixture.record(.start, event: 360, precise: false))
        #expect(ledger.last.action == .ignore(.duplicate))
        ledger.apply(SessionFixture.record(.start, event: 361, precise: false))
        #expect(ledger.archive.count == 1 && ledger.row?.startedAt == at(361))
    }

    @Test func `takes a Start stamped anew within a minute for a retransmission`() {
        var ledger = SessionLedger([start])
        ledger.apply(SessionFixture.record(.start, event: 10))
        #expect(ledger.archive.isEmpty)
        ledger.apply(first)
        #expect(ledger.usage == Usage(seconds: 300, inputOctets: 100, outputOctets: 1_000))
    }

    @Test func `session time that goes back begins another session, though its Start was lost`() throws {
        var ledger = SessionLedger([start, first, second])
        ledger.apply(SessionFixture.interim(1_300, octets: 30, start: 1_000))
        let old = try #require(ledger.archive.first)
        #expect(old.stoppedAt == at(600) && old.inferredStop && old.counters.seconds == 600)
        #expect(ledger.row?.startedAt == at(1_000) && ledger.row?.counters.inputOctets == 30)
        #expect(ledger.usage == Usage(seconds: 900, inputOctets: 230, outputOctets: 2_300))
    }

    @Test func `a straggler of the session before is no part of the new one`() {
        var ledger = SessionLedger([start, first, SessionFixture.record(.start, event: 700)])
        ledger.apply(second)
        #expect(ledger.last.action == .ignore(.earlierSession))
        ledger.apply(SessionFixture.record(.stop, event: 710, seconds: 690, octets: 250, precise: false))
        #expect(ledger.last.action == .ignore(.earlierSession))
        #expect(ledger.row?.isOpen == true && ledger.row?.counters == .zero)
    }

    @Test(arguments: [AccountingRecord.Kind.on, .off])
    func `a restart of the NAS closes what is open (RFC 2866 §5.1)`(_ kind: AccountingRecord.Kind) {
        var ledger = SessionLedger([start, first])
        ledger.close(SessionFixture.record(kind, event: 500))
        #expect(ledger.row?.stoppedAt == at(500) && ledger.row?.inferredStop == true && ledger.row?.version == 3)
        #expect(ledger.row?.terminateCause == (kind == .on ? "inferred:accounting-on" : "inferred:accounting-off"))
        let closed = ledger.row
        ledger.close(SessionFixture.record(kind, event: 501))
        #expect(ledger.row == closed)
        ledger.apply(SessionFixture.record(.interim, event: 450, seconds: 450, octets: 150))
        #expect(ledger.row?.stoppedAt == at(500) && ledger.row?.counters.seconds == 450)
        ledger.apply(SessionFixture.interim(600, octets: 200))
        #expect(ledger.row?.isOpen == true)
    }

    @Test func `a restart closes neither later sessions nor another NAS's`() throws {
        let row = try #require(SessionLedger([SessionFixture.record(.start, event: 10)]).row)
        #expect(SessionState.close(row, by: SessionFixture.record(.on, event: 9)) == nil)
        var other = row
        other.nasID = 8
        #expect(SessionState.close(other, by: SessionFixture.record(.on, event: 20)) == nil)
        #expect(SessionState.close(row, by: SessionFixture.record(.stop, event: 20)) == nil)
        var ledger = SessionLedger()
        ledger.apply(SessionFixture.record(.on, event: 0))
        #expect(ledger.last.action == .ignore(.notAboutASession))
    }

    @Test func `closes for silence on the second, and never for our own outage (openwisp-radius#443)`() {
        #expect(SessionState.staleSeconds(interimSeconds: 300) == 1_200)
        #expect(SessionState.staleSeconds(interimSeconds: 60) == 900)
        var ledger = SessionLedger([start, first])
        ledger.closeIfSilent(now: 1_500)
        #expect(ledger.row?.isOpen == true)
        ledger.closeIfSilent(now: 90_000, listeningSince: 89_000)
        #expect(ledger.row?.isOpen == true)
        ledger.closeIfSilent(now: 1_501)
        #expect(ledger.row?.isOpen == false)
    }

    @Test func `silence goes by arrival, so a wrong clock of the NAS closes nothing`() {
        var ledger = SessionLedger([SessionFixture.record(.start, event: -80_000, received: 0)])
        ledger.closeIfSilent(now: 1_200)
        #expect(ledger.row?.isOpen == true)
    }

    @Test func `learns addresses that come late and keeps what is not told again`() throws {
        var late = first
        late.particulars.framedIPv6Prefix = IPPrefix("2001:db8:1::/64")
        late.framedAddress = nil
        late.particulars.calledStation = "02-00-5E-00-00-FF:Mairie"
        var ledger = SessionLedger([start, late])
        #expect(ledger.row?.framedAddress == IPAddress("10.0.0.1"))
        #expect(ledger.row?.framedIPv6Prefix == IPPrefix("2001:db8:1::/64"))
        var moved = second
        moved.framedAddress = IPAddress("10.0.0.2")
        moved.subject = .voucher(9)
        ledger.apply(moved)
        #expect(ledger.row?.framedAddress == IPAddress("10.0.0.2") && ledger.last.subject == .voucher(9))
        ledger.apply(first)
        #expect(ledger.row?.framedAddress == IPAddress("10.0.0.2") && ledger.row?.subject == .voucher(9))
    }

    @Test func `an unbelievable session time counts as absent`() {
        let ledger = SessionLedger([
            start, SessionFixture.record(.interim, event: 300, seconds: 4_294_967_295, octets: 1),
        ])
        #expect(ledger.row?.counters.seconds == 300)
    }
}
