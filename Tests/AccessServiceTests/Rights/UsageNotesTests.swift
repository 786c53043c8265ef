import Foundation
import Store
import Synchronization
import Territory
import Testing

@testable import AccessService

@Suite struct UsageNotesTests {
    private final class Monotonic: Sendable {
        let now = Mutex<UInt64>(1_000)
        var clock: AccessClock { AccessClock(calendar: { Date() }, monotonic: { self.now.withLock(\.self) }) }
        func step(seconds: UInt64) { now.withLock { $0 += seconds * 1_000_000_000 } }
    }

    private let subject = SubjectReference(kind: .voucher, id: 1)

    private func write(_ octets: Int64, _ subject: SubjectReference? = nil, isOpen: Bool = true) -> SessionWrite {
        let (subject, now) = (subject ?? self.subject, Date())
        let row = SessionRow(
            sessionID: UUID(), nasID: 1, sessionKey: SessionKey(high: 1, low: 2), version: 1, organisationID: 1,
            siteID: 1, subject: subject, acctSessionID: "a", startedAt: now, lastEventAt: now, receivedAt: now,
            stoppedAt: isOpen ? nil : now)
        let delta = UsageDelta(
            subject: subject, organisationID: 1, day: CivilDay(now, in: .gmt),
            usage: Usage(seconds: 1, inputOctets: octets, outputOctets: 0))
        return SessionWrite(previous: nil, row: row, usage: [delta])
    }

    @Test func `who is not known is looked at, once for any number of reports, and not for a session that has ended`() {
        let notes = UsageNotes(clock: Monotonic().clock, capacity: 10)
        notes.note([write(1, isOpen: false)])
        #expect(notes.take().isEmpty)
        notes.note([write(1), write(1)])
        #expect(notes.take() == [subject])
        #expect(notes.take().isEmpty)
    }

    @Test func `who has no quota is looked at after ten minutes, who has one after one`() {
        for (hasQuota, seconds) in [(false, UInt64(600)), (true, 60)] {
            let time = Monotonic()
            let notes = UsageNotes(clock: time.clock, capacity: 10)
            notes.found(subject, octetsLeft: nil, hasQuota: hasQuota)
            time.step(seconds: seconds - 1)
            notes.note([write(1 << 40)])
            #expect(notes.take().isEmpty)
            time.step(seconds: 1)
            notes.note([write(1)])
            #expect(notes.take() == [subject])
        }
    }

    @Test func `who had no session left is looked at after ten seconds, and a change at once`() {
        let time = Monotonic()
        let notes = UsageNotes(clock: time.clock, capacity: 10)
        notes.foundNothing(of: [subject])
        time.step(seconds: 9)
        notes.note([write(1 << 40)])
        #expect(notes.take().isEmpty)
        notes.note(changed: subject)
        #expect(notes.take() == [subject])
        time.step(seconds: 1)
        notes.note([write(1)])
        #expect(notes.take() == [subject])
    }

    @Test func `half of what was left brings a look forward`() {
        let notes = UsageNotes(clock: Monotonic().clock, capacity: 10)
        notes.found(subject, octetsLeft: 2_000_000, hasQuota: true)
        notes.note([write(999_999)])
        #expect(notes.take().isEmpty)
        notes.note([write(1)])
        #expect(notes.take() == [subject])
    }

    @Test func `a changed right is looked at whatever is remembered, and rings`() async {
        let notes = UsageNotes(clock: Monotonic().clock, capacity: 10)
        notes.found(subject, octetsLeft: nil, hasQuota: false)
        notes.note(changed: subject)
        #expect(notes.rings.count == 1)
        #expect(notes.take() == [subject])
    }

    @Test func `no more wait than there is room for, and octets of any size trap nothing`() {
        let notes = UsageNotes(clock: Monotonic().clock, capacity: 4)
        for id in 1...100 { notes.note([write(.max, SubjectReference(kind: .voucher, id: Int64(id)))]) }
        #expect(notes.take().count == 4)
        notes.found(subject, octetsLeft: 1, hasQuota: true)
        notes.note([write(.max), write(.max)])
        #expect(notes.take() == [subject])
    }
}
