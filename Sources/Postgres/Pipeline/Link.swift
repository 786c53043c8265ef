internal import Foundation

/// Runs batches of calls over one connection. Owned by its thread.
final class Link {
    private struct Slot {
        let call: Call
        var result: ResultHandle?
    }

    let connection: Connection
    let wakeup: Wakeup
    private let silenceLimit: Duration?
    private var machine: BatchMachine
    private var slots: [Slot] = []
    private var isBroken = false
    private var lastByte = ContinuousClock.now
    private var lossCode = PostgresError.Code.unknownOutcome
    /// The server is to give up what it does; `cancelRetry` is when to ask (again).
    private(set) var hasAskedToCancel = false
    private(set) var cancelRetry: ContinuousClock.Instant?
    /// When a plain call that was asked to end is given up.
    var plainLimit: ContinuousClock.Instant?

    init(_ connection: Connection, wakeup: Wakeup, _ settings: LinkSettings) {
        self.connection = connection
        self.wakeup = wakeup
        silenceLimit = settings.silenceLimit
        machine = BatchMachine(cacheCapacity: settings.cacheCapacity)
    }

    /// What else the thread looks after while it waits.
    struct Watch {
        /// Says when it wants to be called again.
        let tick: () -> ContinuousClock.Instant?
        /// The time is over: the batch ends as if the connection were lost.
        let mustStop: () -> Bool
    }

    /// What became of a batch.
    struct Outcome {
        /// Calls to be queued again, oldest first.
        var again: [Call] = []
        /// False when the connection is gone.
        var isAlive = true
    }

    /// Runs the calls to their end: each is finished or among `again`. `inTransaction`: nothing is ever sent twice, and
    /// `losing` says what a call in flight ends with when the connection is lost.
    func run(
        _ calls: [Call], inTransaction: Bool = false, losing: PostgresError.Code = .unknownOutcome, _ watch: Watch
    ) -> Outcome {
        slots = calls.map { Slot(call: $0) }
        startPlain()
        lossCode = losing
        lastByte = .now
        defer { slots = [] }
        var outcome = Outcome()
        let items = calls.enumerated().map { Link.item($0.offset, $0.element, once: inTransaction) }
        apply(machine.begin(items), &outcome)
        while !machine.isIdle { step(&outcome, watch) }
        outcome.isAlive = !isBroken && connection.isAlive
        return outcome
    }

    /// Sends and reads what can be sent and read now, then waits once.
    private func step(_ outcome: inout Outcome, _ watch: Watch) {
        readAnswers(&outcome)
        if machine.isIdle { return }
        // After reading, because an answer may have made us send more.
        let unsent = connection.flush()
        if unsent < 0 { isBroken = true }
        let now = ContinuousClock.now
        let silence = silenceLimit.map { lastByte + $0 }
        if isBroken || watch.mustStop() || silence.map({ $0 <= now }) ?? false {
            isBroken = true
            return apply(machine.connectionLost(), &outcome)
        }
        if cancelRetry != nil { askToCancel() }
        let limits = [watch.tick(), silence, expire(now), cancelRetry].compactMap(\.self)
        let events = Int32(unsent == 1 ? POLLIN | POLLOUT : POLLIN)
        let ready = wakeup.wait(socket: connection.socket, events: events, until: limits.min())
        if ready.isSignalled { heedCancellation() }
        guard ready.events & Int32(POLLIN | POLLHUP | POLLERR) != 0 else { return }
        lastByte = .now
        if !connection.consume() {
            // The socket is closed, but answers that arrived before are still good.
            readAnswers(&outcome)
            isBroken = true
        }
    }

    func startPlain() {
        hasAskedToCancel = false
        cancelRetry = nil
        plainLimit = nil
    }

    /// True when the server has closed the connection, or said something that ends it. While no batch runs.
    func isLostWhileIdle() -> Bool { !connection.consume() || !connection.isAlive }

    private static func item(_ id: Int, _ call: Call, once: Bool) -> BatchMachine.Item {
        let settings = call.settings.isEmpty ? nil : Setting.statement(call.settings)
        return BatchMachine.Item(
            id: id, statement: StatementKey(sql: call.sql.text, types: call.sql.types),
            settings: settings.map { StatementKey(sql: $0.text, types: $0.types) },
            repeatable: call.repeatable, attempts: call.losses, once: once)
    }

    // MARK: Receiving

    private func readAnswers(_ outcome: inout Outcome) {
        var ends = 0
        while !machine.isIdle, !isBroken {
            switch connection.nextAnswer() {
            case .none: return
            case .end:
                // libpq puts one end between two commands; a second one means that it expects nothing more and we do.
                ends += 1
                if ends > 1 { isBroken = true }
            case .result(let result, let reply):
                ends = 0
                if case .failure(let failure) = reply, failure.isFatal {
                    isBroken = true
                    return
                }
                if case .success = reply, let id = machine.awaitedStatement { slots[id].result = result }
                let actions = machine.receive(reply)
                if !actions.isEmpty { apply(actions, &outcome) }
            }
        }
    }

    // MARK: Acting

    private func apply(_ actions: [BatchMachine.Action], _ outcome: inout Outcome) {
        for action in actions {
            switch action {
            case .send(let commands): send(commands)
            case .succeed(let id): slots[id].call.finish(.success(Rows(result: slots[id].result)))
            case .fail(let id, let failure): slots[id].call.fail(error(failure, for: slots[id].call))
            case .requeue(let id):
                slots[id].call.returnToQueue()
                if !slots[id].call.isFinished { outcome.again.append(slots[id].call) }
            case .giveUp(let id): slots[id].call.fail(PostgresError(.connectionLost))
            case .unknownOutcome(let id): slots[id].call.fail(PostgresError(lossCode))
            case .finished: break
            }
        }
    }

    func error(_ failure: ServerFailure, for call: Call) -> PostgresError {
        guard failure.isCancellation else { return failure.error }
        return PostgresError(call.isCancelled ? .cancelled : .timeout)
    }

    private func send(_ commands: [BatchMachine.Command]) {
        for command in commands where !isBroken {
            let isSent =
                switch command {
                case .prepare(let name, let key): connection.prepare(name: name, key)
                case .deallocate(let name): connection.deallocate(name: name)
                case .configure(let id, let name):
                    connection.execute(name: name, Setting.statement(slots[id].call.settings))
                case .execute(let id, let name): connection.execute(name: name, slots[id].call.sql)
                case .sync: connection.sync()
                }
            if !isSent { isBroken = true }
        }
    }

    // MARK: Cancelling

    /// A call alone is cancelled at the server and ends with what the server says; in a batch with others only its
    /// caller is let go.
    private func heedCancellation() {
        for slot in slots where slot.call.isCancelled && !slot.call.isFinished {
            if slots.count == 1 { askToCancel() } else { slot.call.fail(PostgresError(.cancelled)) }
        }
    }

    /// Sent from the thread that owns the connection, before it sends anything else: it cannot hit a later statement.
    /// A server with a full backlog takes no request: it is asked again until the statement ends.
    func askToCancel() {
        if hasAskedToCancel, cancelRetry.map({ $0 > .now }) ?? true { return }
        hasAskedToCancel = true
        cancelRetry = connection.cancel() ? nil : .now + .milliseconds(100)
    }

    /// Ends calls whose time is over. A write that may not run twice has been sent: nobody knows its outcome.
    /// - Returns: the earliest deadline left.
    private func expire(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var earliest: ContinuousClock.Instant?
        for slot in slots {
            if slot.call.deadline > now {
                earliest = min(earliest ?? slot.call.deadline, slot.call.deadline)
            } else if !slot.call.isFinished {
                slot.call.fail(PostgresError(slot.call.repeatable ? .timeout : .unknownOutcome))
                if slots.count == 1 { askToCancel() }
            }
        }
        return earliest
    }
}
