import Testing

@testable import AccessService

@Suite struct RetransmissionTimerTests {
    @Test func `doubles up to the maximum and gives up after the count (RFC 5080 §2.2.1)`() {
        var timer = RetransmissionTimer(parameters: RetransmissionParameters(), now: 0, random: 0)
        var deadlines = [timer.deadline]
        while timer.fire(now: timer.deadline, random: 0) { deadlines.append(timer.deadline) }
        #expect(deadlines.map { $0 / 1_000_000_000 } == [2, 6, 14, 30])
    }

    @Test func `is spread by a tenth`() {
        let parameters = RetransmissionParameters()
        #expect(RetransmissionTimer(parameters: parameters, now: 0, random: 0.1).deadline == 2_200_000_000)
        #expect(RetransmissionTimer(parameters: parameters, now: 0, random: -0.1).deadline == 1_800_000_000)
    }
}
