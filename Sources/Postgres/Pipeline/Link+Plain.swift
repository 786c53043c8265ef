internal import CLibPQ
internal import Foundation

/// What pipeline mode does not carry: scripts of several statements, and COPY. One call at a time, in a session.
extension Link {
    private enum PlainFailure: Error {
        case server(ServerFailure), lost
    }

    /// - Returns: false when the connection is gone.
    func runPlain(_ call: Call, _ watch: Watch) -> Bool {
        startPlain()
        do throws(PlainFailure) {
            call.finish(.success(Rows(result: try perform(call, watch))))
        } catch {
            switch error {
            case .server(let failure): call.fail(self.error(failure, for: call))
            case .lost:
                call.fail(PostgresError(.connectionLost))
                return false
            }
        }
        return true
    }

    private func perform(_ call: Call, _ watch: Watch) throws(PlainFailure) -> ResultHandle? {
        switch call.mode {
        case .script:
            guard connection.exitPipeline(), connection.script(call.sql.text) else { throw .lost }
            return try lastResult(call, watch)
        case .copyStart:
            guard connection.exitPipeline(), connection.script(call.sql.text) else { throw .lost }
            return try copyStart(call, watch)
        case .copyData(let bytes):
            try put(call, watch) { connection.putCopy(bytes) }
            return nil
        case .copyEnd(let reason):
            try put(call, watch) { connection.endCopy(failing: reason) }
            return try lastResult(call, watch)
        case .prepared, .end: throw .lost
        }
    }

    /// Queues data. When libpq takes no more because the server ended the COPY, its reason is thrown.
    private func put(_ call: Call, _ watch: Watch, _ send: () -> Int32) throws(PlainFailure) {
        while true {
            switch send() {
            case 1: return try drain(call, watch)
            case 0: try drain(call, watch)
            default:
                _ = try lastResult(call, watch)
                throw .lost
            }
        }
    }

    private func copyStart(_ call: Call, _ watch: Watch) throws(PlainFailure) -> ResultHandle {
        while true {
            switch connection.nextAnswer() {
            case .result(let result, _) where result.status == PGRES_COPY_IN: return result
            case .result(_, .failure(let failure)):
                guard !failure.isFatal else { throw .lost }
                _ = try lastResult(call, watch)
                throw .server(failure)
            // A statement that is no COPY FROM STDIN.
            case .result, .end: throw .lost
            case .none: try waitPlain(call, watch)
            }
        }
    }

    /// Reads to the end and goes back to pipeline mode: the last result, or the first error.
    private func lastResult(_ call: Call, _ watch: Watch) throws(PlainFailure) -> ResultHandle? {
        var last: ResultHandle?
        var failure: ServerFailure?
        while true {
            switch connection.nextAnswer() {
            case .result(let result, let reply):
                if case .failure(let reason) = reply { failure = failure ?? reason }
                // A script that asks for COPY gets nothing to copy from or to: that ends it.
                guard ![PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(result.status) else { throw .lost }
                last = result
            case .end:
                if failure?.isFatal ?? false || !connection.enterPipeline() { throw .lost }
                if let failure { throw .server(failure) }
                return last
            case .none: try waitPlain(call, watch)
            }
        }
    }

    /// Waits until libpq has passed on what it buffers: it would grow without bound if data came faster than they go.
    private func drain(_ call: Call, _ watch: Watch) throws(PlainFailure) {
        while true {
            let unsent = connection.flush()
            if unsent < 0 { throw .lost }
            if unsent == 0 { return }
            try waitPlain(call, watch)
        }
    }

    private func waitPlain(_ call: Call, _ watch: Watch) throws(PlainFailure) {
        let unsent = connection.flush()
        if unsent < 0 || watch.mustStop() { throw .lost }
        let now = ContinuousClock.now
        if let limit = plainLimit, limit <= now { throw .lost }
        if call.deadline <= now || call.isCancelled || cancelRetry != nil { askToCancel() }
        // A server that does not even heed a cancellation is given up.
        if hasAskedToCancel, plainLimit == nil { plainLimit = now + .seconds(5) }
        let next = min(plainLimit ?? call.deadline, cancelRetry ?? plainLimit ?? call.deadline)
        let events = Int32(unsent == 1 ? POLLIN | POLLOUT : POLLIN)
        let ready = wakeup.wait(
            socket: connection.socket, events: events, until: min(watch.tick() ?? next, next))
        if ready.events & Int32(POLLIN | POLLHUP | POLLERR) != 0, !connection.consume() { throw .lost }
    }
}
