import Testing

@testable import AccessService

/// Alive, suspect, dead and back (RFC 3539 §3.4, RFC 5997).
@Suite struct HomeServerStateTests {
    private let second: UInt64 = 1_000_000_000

    private func state(isProbed: Bool = true, isConnection: Bool = false) -> HomeServerState {
        HomeServerState(LivenessParameters(), isProbed: isProbed, isConnection: isConnection)
    }

    private func probes(_ state: inout HomeServerState, at now: UInt64) -> Bool { state.tick(now: now) }

    @Test func `an unanswered request makes a suspect, unless something was answered since it was sent`() {
        var state = state()
        state.answered(now: 10 * second)
        state.unanswered(sentAt: 9 * second, now: 15 * second)
        #expect(state.isAlive)
        state.unanswered(sentAt: 11 * second, now: 17 * second)
        #expect(state.condition == .zombie(since: 17 * second))
        state.answered(now: 18 * second)
        #expect(state.isAlive)
    }

    @Test func `a suspect is probed at once and every five seconds, and is dead after twenty`() {
        var state = state()
        state.unanswered(sentAt: second, now: 10 * second)
        #expect(probes(&state, at: 10 * second))
        #expect(!probes(&state, at: 15 * second - 1))
        #expect(probes(&state, at: 15 * second))
        _ = state.tick(now: 30 * second - 1)
        #expect(!state.isDead)
        _ = state.tick(now: 30 * second)
        #expect(state.condition == .dead(since: 30 * second))
    }

    @Test func `a suspect that answers a probe is alive`() {
        var state = state()
        state.refused(now: second)
        state.probeAnswered(now: 2 * second)
        #expect(state.isAlive)
    }

    @Test func `the dead need three answers in a row, and an old reply does not raise them`() {
        var state = state()
        state.refused(now: 0)
        _ = state.tick(now: 20 * second)
        state.answered(now: 21 * second)
        #expect(state.isDead)
        state.probeAnswered(now: 22 * second)
        state.probeAnswered(now: 23 * second)
        state.probeUnanswered(sentAt: 23 * second, now: 24 * second)
        state.probeAnswered(now: 24 * second)
        state.probeAnswered(now: 25 * second)
        #expect(state.isDead)
        state.probeAnswered(now: 26 * second)
        #expect(state.isAlive)
    }

    @Test func `the dead that answer no Status-Server are tried again after two minutes, and never probed`() {
        var state = state(isProbed: false)
        state.refused(now: 0)
        #expect(!probes(&state, at: 20 * second))
        #expect(state.isDead)
        _ = state.tick(now: 140 * second - 1)
        #expect(state.isDead)
        #expect(!probes(&state, at: 140 * second))
        #expect(state.isAlive)
    }

    @Test func `over a connection who is alive is asked when nothing has come for twenty seconds (RFC 3539 §3.4)`() {
        var state = state(isConnection: true)
        state.answered(now: 5 * second)
        #expect(!probes(&state, at: 25 * second - 1))
        #expect(probes(&state, at: 25 * second))
        #expect(!probes(&state, at: 26 * second), "not again before the probe's interval is over")
        var answering = state
        answering.probeAnswered(now: 26 * second)
        #expect(!probes(&answering, at: 46 * second - 1) && answering.isAlive)
        #expect(probes(&answering, at: 46 * second))
        state.probeUnanswered(sentAt: 25 * second, now: 30 * second)
        #expect(state.condition == .zombie(since: 30 * second))
        var datagrams = self.state()
        datagrams.answered(now: 5 * second)
        #expect(!probes(&datagrams, at: 1000 * second), "over UDP silence says nothing")
    }

    @Test func `a probe that something else has answered since makes no suspect`() {
        var state = state(isConnection: true)
        state.answered(now: 27 * second)
        state.probeUnanswered(sentAt: 25 * second, now: 30 * second)
        #expect(state.isAlive)
    }

    @Test func `a new connection has a suspect probed at once, and is believed of who is not probed`() {
        var probed = state(isConnection: true)
        probed.refused(now: second)
        #expect(probes(&probed, at: second))
        probed.connected(now: 2 * second)
        #expect(probes(&probed, at: 2 * second) && !probed.isAlive)
        var unprobed = state(isProbed: false, isConnection: true)
        unprobed.refused(now: second)
        unprobed.connected(now: 2 * second)
        #expect(unprobed.isAlive)
        unprobed.refused(now: 3 * second)
        _ = unprobed.tick(now: 23 * second)
        unprobed.connected(now: 24 * second)
        #expect(unprobed.isDead, "the dead have been silent over connections too")
    }
}
