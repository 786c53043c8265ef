import Testing

@testable import Postgres

@Suite struct FifoTests {
    @Test func `elements leave in the order they came, those put back first`() {
        var fifo = Fifo<Int>()
        for number in 0..<3000 { fifo.append(number) }
        for number in 0..<2000 { #expect(fifo.popFirst() == number) }
        fifo.prepend([-2, -1])
        #expect(fifo.count == 1002)
        #expect([fifo.popFirst(), fifo.popFirst(), fifo.popFirst()] == [-2, -1, 2000])
        #expect(fifo.removeAll { $0 % 2 == 0 }.count == 499)
        #expect(fifo.count == 500 && fifo.popFirst() == 2001)
        while fifo.popFirst() != nil {}
        #expect(fifo.isEmpty && fifo.popFirst() == nil)
    }
}

@Suite struct LaneTests {
    private func call(_ seconds: Int = 60) -> Call {
        Call("SELECT 1", repeatable: true, deadline: .now + .seconds(seconds))
    }

    @Test func `a lane takes as many as it holds and refuses the next`() throws {
        let lane = Lane<Call>(capacity: 2, outageTolerance: nil)
        try lane.submit(call())
        try lane.submit(call())
        #expect(throws: PostgresError(.queueFull)) { try lane.submit(call()) }
        #expect(lane.take(1, for: try Wakeup()).count == 1)
        try lane.submit(call())
        #expect(lane.statistics.refused == 1 && lane.statistics.waiting == 2)
    }

    @Test func `a cancelled call gives its place to another`() throws {
        let lane = Lane<Call>(capacity: 1, outageTolerance: nil)
        let first = call()
        try lane.submit(first)
        first.fail(PostgresError(.cancelled))
        lane.noteCancelled()
        try lane.submit(call())
        #expect(lane.take(9, for: try Wakeup()).count == 1)
        #expect(lane.statistics.waiting == 0)
    }

    @Test func `memory of cancelled calls is bounded`() throws {
        let lane = Lane<Call>(capacity: 10, outageTolerance: nil)
        for _ in 0..<10_000 {
            let one = call()
            try lane.submit(one)
            one.fail(PostgresError(.cancelled))
            lane.noteCancelled()
        }
        #expect(lane.statistics.waiting == 0)
        #expect(lane.rawCount <= 65)
    }

    @Test func `calls whose time is over are failed and the next deadline is told`() throws {
        let lane = Lane<Call>(capacity: 10, outageTolerance: nil)
        let (early, late) = (call(1), call(60))
        try lane.submit(late)
        try lane.submit(early)
        #expect(lane.expire(now: .now) == early.deadline)
        #expect(!early.isFinished)
        #expect(lane.expire(now: early.deadline) == late.deadline)
        #expect(early.failure == PostgresError(.connectionFailed) && !late.isFinished)
    }

    @Test func `during an outage longer than is tolerated calls fail at once`() throws {
        let lane = Lane<Call>(capacity: 10, outageTolerance: .seconds(2))
        let start = ContinuousClock.now
        let waiting = call()
        try lane.submit(waiting)
        lane.connectFailed(now: start)
        #expect(lane.expire(now: start + .seconds(1)) == start + .seconds(2))
        _ = lane.expire(now: start + .seconds(2))
        #expect(waiting.failure == PostgresError(.connectionFailed))
        lane.connectFailed(now: start - .seconds(3))
        lane.connected()
        try lane.submit(call())
    }

    @Test func `a closed lane refuses`() throws {
        let lane = Lane<Call>(capacity: 10, outageTolerance: nil)
        let waiting = call()
        try lane.submit(waiting)
        lane.close()
        #expect(waiting.failure == PostgresError(.closed))
        #expect(throws: PostgresError(.closed)) { try lane.submit(call()) }
    }
}

@Suite struct BackoffTests {
    @Test func `the wait doubles up to its bound and is drawn from its upper half`() {
        var backoff = Backoff(first: .milliseconds(100), maximum: .milliseconds(500))
        #expect(backoff.delay(random: 0) == .milliseconds(50))
        #expect(backoff.delay(random: 0) == .milliseconds(100))
        #expect(backoff.delay(random: 0.5) == .milliseconds(300))
        #expect(backoff.delay(random: 0) == .milliseconds(250))
        #expect(backoff.delay(random: 0) == .milliseconds(250))
        backoff.reset()
        #expect(backoff.delay(random: 0) == .milliseconds(50))
    }
}

@Suite struct ConnectionTargetTests {
    private func attempts(_ conninfo: String) throws -> [[String: String]] {
        try ConnectionTarget(conninfo: conninfo, overrides: [:], defaults: [:]).attempts
    }

    @Test func `each host of a list is an attempt of its own, with its port`() throws {
        let two = try attempts("host=a,b port=1,2 target_session_attrs=read-write")
        #expect(two.map { $0["host"] } == ["a", "b"] && two.map { $0["port"] } == ["1", "2"])
        #expect(two.allSatisfy { $0["target_session_attrs"] == "read-write" })
        #expect(try attempts("postgresql://a,b/x").map { $0["host"] } == ["a", "b"])
        #expect(try attempts("host=a,b port=7").map { $0["port"] } == ["7", "7"])
        #expect(try attempts("").count == 1)
    }

    @Test func `what the connection string says wins over defaults, and overrides win over both`() throws {
        let target = try ConnectionTarget(
            conninfo: "host=a keepalives_idle=9 application_name=x", overrides: ["application_name": "y"],
            defaults: ["keepalives_idle": "15"])
        #expect(target.attempts == [["host": "a", "keepalives_idle": "9", "application_name": "y"]])
    }

    @Test(arguments: ["host", "host=a,b port=1,2,3", "nonsense=1", "host=a target_session_attrs=prefer-standby"])
    func `a connection string that cannot be used is refused, and its text stays out of the description`(
        _ conninfo: String
    ) {
        let error = #expect(throws: PostgresError.self) { try attempts(conninfo + " password=geheim=") }
        #expect(error?.code == .configuration && !(error?.description.contains("geheim") ?? true))
    }
}
