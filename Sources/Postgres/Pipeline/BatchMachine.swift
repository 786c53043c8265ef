/// The protocol of one connection in pipeline mode: one batch in flight, callers answered only when their Sync is.
///
/// A batch is a run of *segments*. A segment is what lies between two Syncs, and the server runs it as one transaction
/// that commits **at Sync**, after each statement has reported success. So nothing is resumed before. When a statement
/// fails, the server rolls its segment back and skips the rest of it: the statement gets its error and the others, of
/// which nothing is left, are sent again one Sync each.
///
/// Statements share a segment only when they may be run twice and bring no settings of their own.
/// Events in, actions out; it does no I/O and knows no clock.
struct BatchMachine {
    /// One statement of a batch.
    struct Item: Equatable, Sendable {
        /// The caller's number for it, unique in the batch.
        let id: Int
        let statement: StatementKey
        /// The statement that applies its settings, if it has any.
        var settings: StatementKey?
        /// Safe to run twice.
        let repeatable: Bool
        /// Times it was sent already.
        var attempts: Int = 0
        /// Inside a transaction that was begun before: never sent again, whatever happens.
        var once: Bool = false

        /// Whether it needs a Sync of its own.
        var isAlone: Bool { !repeatable || once || settings != nil || attempts > 0 }
    }

    /// What the connection is to send.
    enum Command: Equatable, Sendable {
        case prepare(name: String, StatementKey)
        case deallocate(name: String)
        case configure(id: Int, name: String)
        case execute(id: Int, name: String)
        case sync
    }

    /// What the server answered to the oldest command without an answer.
    enum Reply: Equatable, Sendable {
        case success
        case failure(ServerFailure)
        /// Skipped because something before it in its segment failed.
        case skipped
        case synced
    }

    /// What the owner is to do.
    enum Action: Equatable, Sendable {
        case send([Command])
        /// The result that came with `success` is durable.
        case succeed(id: Int)
        case fail(id: Int, ServerFailure)
        /// The connection went away and the statement left no trace, or may run twice: queue it again.
        case requeue(id: Int)
        /// The connection went away too often under it.
        case giveUp(id: Int)
        case unknownOutcome(id: Int)
        /// The batch is over.
        case finished
    }

    /// How often one statement is sent before it is given up: a statement that crashes the server must not do so for ever.
    static let maximumAttempts = 3

    private struct Segment {
        var items: [Item]
        var failure: ServerFailure?
        var culprit: Int?
    }

    private enum Phase {
        case idle
        case preparing(items: [Item])
        case running
    }

    private var cache: StatementCache
    private var phase = Phase.idle
    /// Commands sent and not answered: from `answered` on.
    private var commands: [Command] = []
    private var answered = 0
    private var segments: [Segment] = []
    private var currentSegment = 0
    /// Rolled back for certain, to be sent again.
    private var again: [Item] = []

    init(cacheCapacity: Int) { cache = StatementCache(capacity: cacheCapacity) }

    var isIdle: Bool { if case .idle = phase { true } else { false } }

    /// The statement whose rows the next success brings.
    var awaitedStatement: Int? {
        guard answered < commands.count, case .execute(let id, _) = commands[answered] else { return nil }
        return id
    }

    /// Starts a batch. Only when idle.
    mutating func begin(_ items: [Item]) -> [Action] {
        var missing: [StatementKey] = []
        var needed: Set<StatementKey> = []
        for item in items {
            for key in [item.settings, item.statement] {
                guard let key, cache.use(key) == nil, needed.insert(key).inserted else { continue }
                missing.append(key)
            }
        }
        guard !missing.isEmpty else { return run(items) }
        for item in items {
            needed.insert(item.statement)
            if let settings = item.settings { needed.insert(settings) }
        }
        phase = .preparing(items: items)
        expect([])
        for name in cache.makeRoom(for: missing.count, sparing: needed) {
            commands += [.deallocate(name: name), .sync]
        }
        for key in missing { commands += [.prepare(name: cache.newName(), key), .sync] }
        return [.send(commands)]
    }

    /// Takes the answer to the oldest open command.
    mutating func receive(_ reply: Reply) -> [Action] {
        guard answered < commands.count else { return [] }
        switch phase {
        case .idle: return []
        case .preparing(let items): return receivePrepared(reply, items)
        case .running: return receiveRun(reply)
        }
    }

    /// The connection is gone, and with it the prepared statements. Every statement without an answer ends here.
    mutating func connectionLost() -> [Action] {
        defer { reset() }
        switch phase {
        case .idle: return []
        case .preparing(let items): return items.map(afterLoss(ofUnsent:))
        case .running:
            let open = segments[min(currentSegment, segments.count)...]
            return open.flatMap { $0.items.map(afterLoss(ofSent:)) } + again.map(afterLoss(ofUnsent:))
        }
    }

    private mutating func reset() {
        cache = StatementCache(capacity: cache.capacity)
        phase = .idle
        expect([])
        (segments, currentSegment, again) = ([], 0, [])
    }

    private mutating func expect(_ next: [Command]) {
        commands = next
        answered = 0
    }
}

// MARK: - Preparing

extension BatchMachine {
    /// Prepare and deallocate each have their own Sync, so that one failure touches nothing else.
    private mutating func receivePrepared(_ reply: Reply, _ items: [Item]) -> [Action] {
        let command = commands[answered]
        var actions: [Action] = []
        var items = items
        switch (command, reply) {
        case (.prepare(let name, let key), .success):
            cache.insert(key, name: name)
        case (.prepare(_, let key), .failure(let failure)):
            actions = items.filter { $0.statement == key || $0.settings == key }.map { .fail(id: $0.id, failure) }
            items.removeAll { $0.statement == key || $0.settings == key }
        // An error that belongs to no command precedes its Sync; the Sync itself is still to come.
        case (.sync, .success), (.sync, .failure), (.sync, .skipped): return []
        case (.deallocate, _), (.prepare, _), (.configure, _), (.execute, _), (.sync, .synced): break
        }
        answered += 1
        phase = .preparing(items: items)
        guard answered == commands.count else { return actions }
        return actions + run(items)
    }
}

// MARK: - Running

extension BatchMachine {
    private mutating func run(_ items: [Item]) -> [Action] {
        segments = []
        currentSegment = 0
        var shared: [Item] = []
        for item in items {
            if item.isAlone { segments.append(Segment(items: [item])) } else { shared.append(item) }
        }
        if !shared.isEmpty { segments.insert(Segment(items: shared), at: 0) }
        guard !segments.isEmpty else {
            phase = .idle
            expect([])
            return [.finished]
        }
        var next: [Command] = []
        next.reserveCapacity(items.count + segments.count)
        for segment in segments {
            for item in segment.items {
                if let settings = item.settings {
                    next.append(.configure(id: item.id, name: cache.use(settings) ?? ""))
                }
                next.append(.execute(id: item.id, name: cache.use(item.statement) ?? ""))
            }
            next.append(.sync)
        }
        phase = .running
        expect(next)
        return [.send(next)]
    }

    private mutating func receiveRun(_ reply: Reply) -> [Action] {
        guard currentSegment < segments.count else { return [] }
        switch (commands[answered], reply) {
        case (.execute(let id, _), .failure(let failure)), (.configure(let id, _), .failure(let failure)):
            segments[currentSegment].failure = failure
            segments[currentSegment].culprit = id
        case (.sync, .failure(let failure)):
            // The commit itself failed (a deferred constraint): it names no statement.
            segments[currentSegment].failure = failure
            return []
        case (.sync, .synced):
            answered += 1
            return finishSegment()
        // Not what was asked for: leave it, the Sync decides.
        case (.sync, .success), (.sync, .skipped): return []
        case (.execute, _), (.configure, _), (.prepare, _), (.deallocate, _): break
        }
        answered += 1
        return []
    }

    private mutating func finishSegment() -> [Action] {
        let segment = segments[currentSegment]
        currentSegment += 1
        var actions: [Action] = []
        if let failure = segment.failure {
            let culprit = segment.items.count == 1 ? segment.items.first?.id : segment.culprit
            for item in segment.items {
                if item.id != culprit || mayRetry(item, failure) {
                    retry(item)
                } else {
                    actions.append(.fail(id: item.id, failure))
                }
            }
        } else {
            actions = segment.items.map { .succeed(id: $0.id) }
        }
        guard answered == commands.count else { return actions }
        if again.isEmpty {
            phase = .idle
            return actions + [.finished]
        }
        let items = again
        again = []
        return actions + begin(items)
    }

    private mutating func retry(_ item: Item) {
        var item = item
        item.attempts += 1
        again.append(item)
    }

    /// The segment was rolled back, so even a statement that is not repeatable can be sent again.
    private mutating func mayRetry(_ item: Item, _ failure: ServerFailure) -> Bool {
        if failure.invalidatesStatement {
            cache.remove(item.statement)
            if let settings = item.settings { cache.remove(settings) }
        }
        let worthIt = failure.invalidatesStatement || failure.isTransient
        return worthIt && !item.once && item.attempts + 1 < BatchMachine.maximumAttempts
    }

    /// Nothing of it is left on the server.
    private func afterLoss(ofUnsent item: Item) -> Action {
        if item.once { return .giveUp(id: item.id) }
        return item.attempts + 1 < BatchMachine.maximumAttempts ? .requeue(id: item.id) : .giveUp(id: item.id)
    }

    /// It was sent and not answered.
    private func afterLoss(ofSent item: Item) -> Action {
        item.repeatable && !item.once ? afterLoss(ofUnsent: item) : .unknownOutcome(id: item.id)
    }
}
