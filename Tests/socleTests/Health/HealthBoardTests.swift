import Testing

@testable import socle

@Suite struct HealthBoardTests {
    @Test(arguments: [
        (ComponentHealth.State.ok, HealthReport.Status.ok, 200), (.degraded, .degraded, 200),
        (.starting, .unavailable, 503), (.failed, .unavailable, 503), (.stopping, .unavailable, 503),
    ])
    func `answers 200 while visitors are served and 503 otherwise`(
        state: ComponentHealth.State, status: HealthReport.Status, code: Int
    ) {
        let board = HealthBoard()
        board.report("database", .ok)
        board.report("access", state)
        #expect(board.snapshot().status == status)
        #expect(board.snapshot().httpStatus == code)
    }

    @Test func `asks a probe only of a part that reported no trouble`() {
        let board = HealthBoard()
        board.attach("access") { ComponentHealth(state: .degraded, detail: "spool") }
        #expect(board.snapshot().components["access"]?.state == .degraded)
        board.report("access", .stopping)
        #expect(board.snapshot().components["access"]?.state == .stopping)
    }
}
