import Testing

@testable import socle

@Suite struct VisitorTests {
    private var random = SystemRandomNumberGenerator()

    private func visitor() -> Visitor {
        var pace = Visitor.Pace()
        (pace.interim, pace.stay, pace.absence, pace.patience) = (20, 50...50, 10...10, 30...30)
        return Visitor(number: 0x010203, code: "ABCDE-FGHJK", gateway: "mairie-x", pace: pace, arrivesAt: 5)
    }

    @Test mutating func `logs in, starts, sends interims with growing counters, stops and comes again`() {
        var visitor = visitor()
        var sent: [Visitor.Request] = []
        var octets: [UInt64] = []
        var now = 0.0
        while sent.count < 7 {
            now = visitor.dueAt
            let request = visitor.next
            sent.append(request)
            visitor.answered(request, accepted: true, at: now, using: &random)
            if request == .interim { octets.append(visitor.outputOctets) }
        }
        #expect(sent == [.login, .start, .interim, .interim, .stop, .login, .start])
        #expect(octets == octets.sorted() && octets.first ?? 0 > 0)
        #expect(visitor.sessionID == "demo-66051-2")
    }

    @Test mutating func `waits after a refusal and asks to log in again`() {
        var visitor = visitor()
        visitor.answered(.login, accepted: false, at: 5, using: &random)
        #expect(visitor.state == .away)
        #expect(visitor.dueAt == 35)
        #expect(visitor.next == .login)
    }

    @Test mutating func `leaves with a Stop when the simulation ends, and only if it is online`() {
        var visitor = visitor()
        visitor.leave(at: 6)
        #expect(visitor.next == .login)
        visitor.answered(.login, accepted: true, at: 6, using: &random)
        visitor.answered(.start, accepted: true, at: 6, using: &random)
        visitor.leave(at: 9)
        #expect(visitor.next == .stop)
        #expect(visitor.sessionSeconds(at: 9) == 3)
    }

    @Test func `has a locally administered address of its own`() {
        #expect(visitor().station == "02-5E-10-01-02-03")
    }
}
