internal import Foundation
public import Logging
internal import Synchronization

/// PostgreSQL for many concurrent callers over few connections.
///
/// Independent statements share batches: whatever arrives while one batch is in flight is the next one. Reads, writes
/// and transactions have connections of their own, each with a thread; `run()` keeps them up and calls made meanwhile
/// wait, bounded in number and in time. A call returns when its effect is durable.
public final class PostgresClient: Sendable {
    let configuration: PostgresConfiguration
    let logger: Logger
    let listeners: ListenerHub
    private let reads: Lane<Call>
    private let writes: Lane<Call>
    private let sessions: Lane<Checkout>
    /// One for each connection for writes, of which there are `writeConnections`: each runs tasks on that connection's
    /// thread. A write that such a task makes goes over that connection, if it is not busy.
    public let writeExecutors: [ConnectionExecutor]

    /// Makes a client; nothing is opened before `run()`.
    public init(configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let (capacity, tolerance) = (configuration.maximumWaiting, configuration.outageTolerance)
        reads = Lane(capacity: capacity, outageTolerance: tolerance)
        writes = Lane(capacity: capacity, outageTolerance: tolerance)
        sessions = Lane(capacity: capacity, outageTolerance: tolerance)
        listeners = ListenerHub()
        writeExecutors = (0..<max(1, configuration.writeConnections)).map { _ in ConnectionExecutor() }
    }

    /// A read. It shares its transaction with others and is sent again after a lost connection; the server refuses
    /// writes here. `timeout` nil: the configuration's.
    public func query(
        _ sql: SQL, settings: [Setting] = [], timeout: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try await submit(
            Call(sql, settings: settings, repeatable: true, deadline: deadline(timeout)), to: reads)
    }

    /// A write; it returns when it is committed.
    ///
    /// `repeatable` promises that running it twice does no harm (an upsert, an insert that ignores duplicates): then it
    /// shares commits with other writes and is sent again after a lost connection. One that is not repeatable commits
    /// alone and ends with `unknownOutcome` when the connection dies under it.
    @discardableResult
    public func write(
        _ sql: SQL, settings: [Setting] = [], repeatable: Bool, timeout: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try await submit(
            Call(sql, settings: settings, repeatable: repeatable, deadline: deadline(timeout)), to: writes)
    }

    /// Runs `body` in a transaction on a connection of its own: COMMIT when it returns, ROLLBACK when it throws or the
    /// task is cancelled. Throws what `body` throws; `unknownOutcome` when the connection dies during COMMIT;
    /// `connectionLost` when it dies before, and nothing has happened.
    @discardableResult
    public func transaction<Value: Sendable>(
        settings: [Setting] = [], _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let session = try await checkout(isTransaction: true, settings: settings)
        let value: Value
        do {
            value = try await body(PostgresTransaction(session: session))
            if Task.isCancelled { throw PostgresError(.cancelled) }
        } catch {
            _ = try? await session.call("ROLLBACK", mode: .end, shielded: true)
            throw error
        }
        let answer = try await session.call("COMMIT", mode: .end, shielded: true)
        // The server answers COMMIT with ROLLBACK when a statement had failed and the body went on regardless.
        guard answer.commandTag != "ROLLBACK" else {
            throw PostgresError(.server(sqlState: "25P02"), "an earlier statement had failed; nothing was committed")
        }
        return value
    }

    /// Bulk load: `statement` is `COPY … FROM STDIN …`, the sequence gives its rows in COPY's format. All or nothing.
    /// - Returns: the number of rows.
    @discardableResult
    public func copyIn(
        _ statement: SQL, rows: some Sequence<[UInt8]> & Sendable, settings: [Setting] = []
    ) async throws -> Int {
        try await transaction(settings: settings) { try await $0.copyIn(statement, rows: rows) }
    }

    /// Bulk load from a sequence that waits for its rows.
    @discardableResult
    public func copyIn<Chunks: AsyncSequence>(
        _ statement: SQL, _ chunks: Chunks, settings: [Setting] = []
    ) async throws -> Int where Chunks.Element == [UInt8] {
        try await transaction(settings: settings) { try await $0.copyIn(statement, chunks) }
    }

    /// What the client is doing.
    public var statistics: PostgresStatistics {
        PostgresStatistics(
            reads: reads.statistics, writes: writes.statistics, transactions: sessions.statistics)
    }

    /// A connection outside any transaction, closed afterwards with all that `body` did to it.
    func withSession<Value>(_ body: (Session) async throws -> Value) async throws -> Value {
        let session = try await checkout(isTransaction: false, settings: [])
        do {
            let value = try await body(session)
            _ = try? await session.call("SELECT 1", mode: .end, shielded: true)
            return value
        } catch {
            _ = try? await session.call("SELECT 1", mode: .end, shielded: true)
            throw error
        }
    }

    // MARK: Waiting

    private func deadline(_ timeout: Duration?) -> ContinuousClock.Instant {
        .now + (timeout ?? configuration.callTimeout)
    }

    private func submit(_ call: Call, to lane: Lane<Call>) async throws(PostgresError) -> Rows {
        try call.sql.checkSize()
        if Task.isCancelled { throw PostgresError(.cancelled) }
        try lane.submit(call)
        return try await call.wait { lane.noteCancelled() }
    }

    private func checkout(isTransaction: Bool, settings: [Setting]) async throws(PostgresError) -> Session {
        if Task.isCancelled { throw PostgresError(.cancelled) }
        let checkout = Checkout(isTransaction: isTransaction, settings: settings, deadline: deadline(nil))
        try sessions.submit(checkout)
        let lane = sessions
        return try await checkout.wait { lane.noteCancelled() }
    }

    // MARK: Running

    /// Keeps the connections up until the task is cancelled, then ends in an orderly way: calls already made are
    /// served for `shutdownGrace`, new ones are refused with `closed`. Run it once. Throws `configuration` when the
    /// connection string cannot be used; a server that is away is not an error.
    public func run() async throws(PostgresError) {
        let crew: ThreadCrew
        do {
            crew = try startThreads()
        } catch {
            close()
            throw error
        }
        await withTaskCancellationHandler {
            await crew.finished()
        } onCancel: {
            let end = ContinuousClock.now + configuration.shutdownGrace
            reads.drain(until: end)
            writes.drain(until: end)
            sessions.drain(until: end)
            listeners.stop()
        }
        close()
    }

    private func close() {
        reads.close()
        writes.close()
        sessions.close()
        listeners.stop()
    }

    private func startThreads() throws(PostgresError) -> ThreadCrew {
        let crew = ThreadCrew()
        let settings = configuration.linkSettings
        let readers: [ConnectionExecutor?] = Array(repeating: nil, count: max(1, configuration.connections))
        var attachments: [(ConnectionExecutor, Wakeup)] = []
        for (lane, role, executors) in [
            (reads, PostgresConfiguration.Role.reads, readers), (writes, .writes, writeExecutors),
        ] {
            for (index, executor) in executors.enumerated() {
                let (wakeup, connector) = (try Wakeup(runs: executor), try configuration.connector(role))
                lane.register(wakeup)
                if let executor { attachments.append((executor, wakeup)) }
                crew.add("pg-\(role)-\(index)") { [logger, configuration] in
                    let keeper = Keeper(lane: lane, wakeup: wakeup, connector: connector, logger: logger)
                    keeper.isEager = configuration.connectsEagerly
                    LaneWorker(keeper: keeper, settings: settings).run()
                    executor?.detach()
                }
            }
        }
        for index in 0..<max(1, configuration.transactionConnections) {
            let (wakeup, connector) = (try Wakeup(), try configuration.connector(.sessions))
            sessions.register(wakeup)
            crew.add("pg-session-\(index)") { [logger, sessions, configuration] in
                let keeper = Keeper(lane: sessions, wakeup: wakeup, connector: connector, logger: logger)
                keeper.isEager = configuration.connectsEagerly
                SessionWorker(keeper: keeper, settings: settings).run()
            }
        }
        let connector = try configuration.connector(.sessions)
        let wakeup = try Wakeup()
        listeners.attach(wakeup)
        crew.add("pg-listen") { [listeners, logger] in
            ListenWorker(hub: listeners, wakeup: wakeup, connector: connector, logger: logger).run()
        }
        // Before the threads run: a task that comes in between waits for its thread.
        for (executor, wakeup) in attachments { executor.attach(wakeup) }
        crew.start()
        return crew
    }
}
