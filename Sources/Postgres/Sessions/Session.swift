internal import Synchronization

/// A connection lent to one task: its calls, one after the other, wait here for the connection's thread.
final class Session: Sendable {
    private struct State {
        var calls = Fifo<Call>()
        var isClosed = false
    }

    /// Calls of one session that may wait at once; they come from tasks of one body, so there are few.
    static let capacity = 1000

    private let wakeup: Wakeup
    private let timeout: Duration
    private let state = Mutex(State())

    init(wakeup: Wakeup, timeout: Duration) {
        self.wakeup = wakeup
        self.timeout = timeout
    }

    /// Sends one call and waits for its answer. `limit` nil: the client's timeout for one statement.
    func call(
        _ sql: SQL, mode: Call.Mode = .prepared, limit: Duration? = nil, shielded: Bool = false
    ) async throws(PostgresError) -> Rows {
        let call = Call(sql, mode: mode, deadline: .now + (limit ?? timeout))
        let refusal = state.withLock { state -> PostgresError.Code? in
            if state.isClosed { return .closed }
            if state.calls.count >= Session.capacity { return .queueFull }
            state.calls.append(call)
            return nil
        }
        if let refusal { throw PostgresError(refusal) }
        wakeup.signal()
        return shielded ? try await call.waitShielded() : try await call.wait {}
    }

    // MARK: The thread's side

    func next() -> Call? {
        state.withLock { state in
            while let call = state.calls.popFirst() { if call.begin(on: wakeup) { return call } }
            return nil
        }
    }

    /// No call is taken any more; those that wait fail.
    func close(_ error: PostgresError) {
        let rest = state.withLock { state -> [Call] in
            state.isClosed = true
            return state.calls.removeAll { _ in true }
        }
        for call in rest { call.fail(error) }
    }
}
