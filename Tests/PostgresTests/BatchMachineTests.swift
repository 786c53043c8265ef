import Testing

@testable import Postgres

/// Events in, actions out: the whole protocol of a batch without a server.
@Suite struct BatchMachineTests {
    typealias Machine = BatchMachine
    static let duplicate = ServerFailure(sqlState: "23505")
    static let a = StatementKey(sql: "a", types: [])
    static let b = StatementKey(sql: "b", types: [])

    private func item(
        _ id: Int, _ key: StatementKey = Self.a, settings: StatementKey? = nil, repeatable: Bool = true,
        once: Bool = false
    ) -> Machine.Item {
        Machine.Item(id: id, statement: key, settings: settings, repeatable: repeatable, once: once)
    }

    /// A machine on whose connection these statements are prepared, as s1, s2, …
    private func machine(prepared keys: [StatementKey] = [Self.a]) -> Machine {
        var machine = Machine(cacheCapacity: 8)
        for key in keys {
            _ = machine.begin([item(0, key)])
            for reply in [Machine.Reply.success, .synced, .success, .synced] { _ = machine.receive(reply) }
        }
        return machine
    }

    @Test func `a statement is prepared once, under a Sync of its own, then executed`() {
        var machine = Machine(cacheCapacity: 8)
        #expect(machine.begin([item(7), item(8)]) == [.send([.prepare(name: "s1", Self.a), .sync])])
        #expect(machine.receive(.success) == [])
        let execution: [Machine.Command] = [.execute(id: 7, name: "s1"), .execute(id: 8, name: "s1"), .sync]
        #expect(machine.receive(.synced) == [.send(execution)])
        _ = [Machine.Reply.success, .success, .synced].map { machine.receive($0) }
        #expect(machine.begin([item(9)]) == [.send([.execute(id: 9, name: "s1"), .sync])])
    }

    @Test func `callers are answered at Sync, when the commit has happened, and not at success`() {
        var machine = machine()
        _ = machine.begin([item(1), item(2)])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.synced) == [.succeed(id: 1), .succeed(id: 2), .finished])
        #expect(machine.isIdle)
    }

    @Test func `a poison statement fails alone: the others are sent again, one Sync each`() {
        var machine = machine()
        _ = machine.begin([item(1), item(2), item(3)])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.failure(Self.duplicate)) == [])
        #expect(machine.receive(.skipped) == [])
        #expect(
            machine.receive(.synced) == [
                .fail(id: 2, Self.duplicate),
                .send([.execute(id: 1, name: "s1"), .sync, .execute(id: 3, name: "s1"), .sync]),
            ])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.synced) == [.succeed(id: 1)])
        #expect(machine.receive(.failure(Self.duplicate)) == [])
        #expect(machine.receive(.synced) == [.fail(id: 3, Self.duplicate), .finished])
    }

    @Test func `a commit that fails names no statement: all are sent again and the one to blame fails alone`() {
        var machine = machine()
        _ = machine.begin([item(1), item(2)])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.failure(Self.duplicate)) == [])
        #expect(
            machine.receive(.synced) == [
                .send([.execute(id: 1, name: "s1"), .sync, .execute(id: 2, name: "s1"), .sync])
            ])
        _ = machine.receive(.success)
        #expect(machine.receive(.synced) == [.succeed(id: 1)])
        _ = machine.receive(.success)
        _ = machine.receive(.failure(Self.duplicate))
        #expect(machine.receive(.synced) == [.fail(id: 2, Self.duplicate), .finished])
    }

    @Test func `a write that may not run twice, and one with settings, have a segment of their own`() {
        var machine = machine(prepared: [Self.a, Self.b])
        let actions = machine.begin([item(1), item(2, repeatable: false), item(3, settings: Self.b), item(4)])
        #expect(
            actions == [
                .send([
                    .execute(id: 1, name: "s1"), .execute(id: 4, name: "s1"), .sync,
                    .execute(id: 2, name: "s1"), .sync,
                    .configure(id: 3, name: "s2"), .execute(id: 3, name: "s1"), .sync,
                ])
            ])
        // The failure of one touches neither its neighbours nor their order.
        _ = [Machine.Reply.success, .success].map { machine.receive($0) }
        #expect(machine.receive(.synced) == [.succeed(id: 1), .succeed(id: 4)])
        #expect(machine.receive(.failure(Self.duplicate)) == [])
        #expect(machine.receive(.synced) == [.fail(id: 2, Self.duplicate)])
        _ = [Machine.Reply.success, .success].map { machine.receive($0) }
        #expect(machine.receive(.synced) == [.succeed(id: 3), .finished])
    }

    @Test func `settings that are refused fail their statement`() {
        var machine = machine(prepared: [Self.a, Self.b])
        _ = machine.begin([item(3, settings: Self.b)])
        _ = machine.receive(.failure(ServerFailure(sqlState: "42704")))
        _ = machine.receive(.skipped)
        #expect(machine.receive(.synced) == [.fail(id: 3, ServerFailure(sqlState: "42704")), .finished])
    }

    @Test func `a statement that cannot be prepared fails; the rest of the batch runs`() {
        var machine = machine()
        let syntax = ServerFailure(sqlState: "42601")
        #expect(machine.begin([item(1, Self.b), item(2)]) == [.send([.prepare(name: "s2", Self.b), .sync])])
        #expect(machine.receive(.failure(syntax)) == [.fail(id: 1, syntax)])
        #expect(machine.receive(.synced) == [.send([.execute(id: 2, name: "s1"), .sync])])
        _ = machine.receive(.success)
        #expect(machine.receive(.synced) == [.succeed(id: 2), .finished])
    }

    @Test func `a batch of which nothing can be prepared is over`() {
        var machine = Machine(cacheCapacity: 8)
        let syntax = ServerFailure(sqlState: "42601")
        _ = machine.begin([item(1)])
        #expect(machine.receive(.failure(syntax)) == [.fail(id: 1, syntax)])
        #expect(machine.receive(.synced) == [.finished])
        #expect(machine.isIdle)
    }

    @Test func `the least recently used statement makes room for a new one, never one of the same batch`() {
        var machine = Machine(cacheCapacity: 2)
        for key in [Self.a, Self.b] {
            _ = machine.begin([item(0, key)])
            for reply in [Machine.Reply.success, .synced, .success, .synced] { _ = machine.receive(reply) }
        }
        let c = StatementKey(sql: "c", types: [])
        let actions = machine.begin([item(1, Self.a), item(2, c)])
        #expect(actions == [.send([.deallocate(name: "s2"), .sync, .prepare(name: "s3", c), .sync])])
    }

    @Test func `a statement the server has forgotten is prepared again, even one that may not run twice`() {
        var machine = machine()
        let forgotten = ServerFailure(sqlState: "26000")
        _ = machine.begin([item(1, repeatable: false)])
        _ = machine.receive(.failure(forgotten))
        #expect(machine.receive(.synced) == [.send([.prepare(name: "s2", Self.a), .sync])])
        _ = machine.receive(.success)
        #expect(machine.receive(.synced) == [.send([.execute(id: 1, name: "s2"), .sync])])
        _ = machine.receive(.success)
        #expect(machine.receive(.synced) == [.succeed(id: 1), .finished])
    }

    @Test func `a deadlock is tried again, and given up at the third`() {
        var machine = machine()
        let deadlock = ServerFailure(sqlState: "40P01")
        _ = machine.begin([item(1)])
        for _ in 1..<Machine.maximumAttempts {
            _ = machine.receive(.failure(deadlock))
            #expect(machine.receive(.synced) == [.send([.execute(id: 1, name: "s1"), .sync])])
        }
        _ = machine.receive(.failure(deadlock))
        #expect(machine.receive(.synced) == [.fail(id: 1, deadlock), .finished])
    }

    @Test func `inside a transaction nothing is sent twice`() {
        var machine = machine()
        _ = machine.begin([item(1, once: true)])
        _ = machine.receive(.failure(ServerFailure(sqlState: "40001")))
        #expect(machine.receive(.synced) == [.fail(id: 1, ServerFailure(sqlState: "40001")), .finished])
        _ = machine.begin([item(2, once: true)])
        #expect(machine.connectionLost() == [.unknownOutcome(id: 2)])
    }

    @Test func `a lost connection: repeatable ones are queued again, the outcome of others is unknown`() {
        var machine = machine()
        _ = machine.begin([item(1), item(2, repeatable: false), item(3, repeatable: false)])
        _ = machine.receive(.success)
        #expect(machine.receive(.synced) == [.succeed(id: 1)])
        // Success without Sync is no commit.
        _ = machine.receive(.success)
        #expect(machine.connectionLost() == [.unknownOutcome(id: 2), .unknownOutcome(id: 3)])
        #expect(machine.isIdle)
    }

    @Test func `a connection lost while preparing has harmed nothing: all are queued again`() {
        var machine = Machine(cacheCapacity: 8)
        _ = machine.begin([item(1, repeatable: false), item(2)])
        #expect(machine.connectionLost() == [.requeue(id: 1), .requeue(id: 2)])
        #expect(machine.begin([item(3)]) == [.send([.prepare(name: "s1", Self.a), .sync])])
    }

    @Test func `a connection lost after a rollback: the rolled back ones are queued again with the rest`() {
        var machine = machine()
        _ = machine.begin([item(1), item(2), item(3, repeatable: false)])
        _ = machine.receive(.failure(Self.duplicate))
        _ = machine.receive(.skipped)
        #expect(machine.receive(.synced) == [.fail(id: 1, Self.duplicate)])
        #expect(machine.connectionLost() == [.unknownOutcome(id: 3), .requeue(id: 2)])
    }

    @Test func `a statement under which the connection dies three times is given up`() {
        var machine = machine()
        var crasher = item(1)
        crasher.attempts = Machine.maximumAttempts - 1
        _ = machine.begin([crasher])
        #expect(machine.connectionLost() == [.giveUp(id: 1)])
    }

    @Test func `an empty batch is over at once, and an answer nobody asked for changes nothing`() {
        var machine = Machine(cacheCapacity: 8)
        #expect(machine.begin([]) == [.finished])
        #expect(machine.receive(.success) == [])
        #expect(machine.receive(.synced) == [])
        #expect(machine.connectionLost() == [])
    }
}
