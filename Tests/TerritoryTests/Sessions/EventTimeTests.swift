import Foundation
import Testing

@testable import Territory

struct EventTimeTests {
    private let received = Date(timeIntervalSince1970: 1_785_487_200.25)

    private func time(_ offset: Int64?, delay: UInt32? = nil) -> EventTime {
        EventTime(
            eventTimestamp: offset.map { UInt32(1_785_487_200 + $0) }, delaySeconds: delay, receivedAt: received)
    }

    private func after(_ time: EventTime) -> TimeInterval { time.date.timeIntervalSince1970 - 1_785_487_200 }

    @Test func `believes an Event-Timestamp within its bounds (RFC 2869 §5.3)`() {
        #expect(after(time(-5)) == -5 && time(-5).isPrecise)
        #expect(after(time(-86_399)) == -86_399)
        #expect(after(time(-86_400)) == 0.25 && !time(-86_400).isPrecise)
    }

    @Test func `cuts a clock slightly ahead to the arrival and ignores one far ahead`() {
        #expect(after(time(60)) == 0.25 && time(60).isPrecise)
        #expect(after(time(61)) == 0.25 && !time(61).isPrecise)
    }

    @Test func `a clock in 1970 leaves the arrival`() {
        let time = EventTime(eventTimestamp: 42, delaySeconds: nil, receivedAt: received)
        #expect(time.date == received && !time.isPrecise)
    }

    @Test func `takes Acct-Delay-Time out (RFC 2866 §5.2)`() {
        #expect(after(time(nil, delay: 30)) == -29.75 && time(nil, delay: 30).isPrecise)
        #expect(after(time(nil, delay: 0)) == 0.25 && !time(nil, delay: 0).isPrecise)
        #expect(after(time(nil)) == 0.25 && !time(nil).isPrecise)
        #expect(after(time(nil, delay: .max)) == 0.25)
    }

    @Test func `the delay shows a clock that is wrong by an hour`() {
        #expect(after(time(-3_600, delay: 30)) == -29.75 && time(-3_600, delay: 30).isPrecise)
        #expect(after(time(-30, delay: 30)) == -30)
        #expect(after(time(-40, delay: 30)) == -29.75)
        #expect(after(time(-39, delay: 30)) == -39)
    }

    @Test func `rounds to what PostgreSQL keeps, and only once`() {
        let once = EventTime.wholeMicroseconds(Date(timeIntervalSince1970: 1_785_487_200.123456789))
        #expect(EventTime.wholeMicroseconds(once) == once)
        #expect(abs(once.timeIntervalSince1970 - 1_785_487_200.123457) < 2e-7)
    }

    @Test func `makes UUIDs that sort by time (RFC 9562 §5.7)`() {
        let early = UUID.timeOrdered(at: received, random: (.max, .max))
        let late = UUID.timeOrdered(at: received.addingTimeInterval(0.001), random: (0, 0))
        #expect(early.uuidString < late.uuidString)
        #expect(early.uuidString == "019FB754-8FFA-7FFF-BFFF-FFFFFFFFFFFF")
        #expect(late.uuidString.hasSuffix("-7000-8000-000000000000"))
    }

    @Test func `a session key is sixteen bytes`() {
        let bytes = (0..<16).map(UInt8.init)
        #expect(SessionKey(bytes: bytes)?.bytes == bytes)
        #expect(SessionKey(bytes: bytes.dropLast()) == nil)
    }
}
