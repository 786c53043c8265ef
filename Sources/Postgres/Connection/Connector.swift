internal import Foundation

/// Makes connections: one host after the other, each with the same timeout, and the settings every session starts with.
///
/// A host name is resolved by libpq in a blocking call that the timeout does not bound (the resolver's own does); where
/// that matters, give addresses with `hostaddr`.
struct Connector: Sendable {
    let target: ConnectionTarget
    let timeout: Duration
    /// Run by the simple protocol right after connecting.
    let greeting: String

    struct Failure: Error {
        /// What libpq says: hosts, role and database names, never a password.
        let text: String
    }

    /// Tries every host once. `tick` is called between waits and says when it wants to be called again; it throws to
    /// give up.
    func connect(
        _ wakeup: Wakeup, tick: () throws(Failure) -> ContinuousClock.Instant?
    ) throws(Failure) -> Connection {
        var last = Failure(text: "no host")
        for parameters in target.attempts {
            do {
                return try connect(parameters, wakeup, tick: tick)
            } catch { last = error }
            _ = try tick()
        }
        throw last
    }

    private func connect(
        _ parameters: [String: String], _ wakeup: Wakeup, tick: () throws(Failure) -> ContinuousClock.Instant?
    ) throws(Failure) -> Connection {
        let deadline = ContinuousClock.now + timeout
        guard let connection = Connection(starting: parameters) else { throw Failure(text: "out of memory") }
        var waitsFor = POLLOUT
        while true {
            try wait(connection, for: Int32(waitsFor), until: deadline, wakeup, tick)
            switch connection.poll() {
            case .reading: waitsFor = POLLIN
            case .writing: waitsFor = POLLOUT
            case .failed: throw Failure(text: connection.message)
            case .connected:
                try greet(connection, until: deadline, wakeup, tick)
                return connection
            }
        }
    }

    private func wait(
        _ connection: Connection, for events: Int32, until deadline: ContinuousClock.Instant, _ wakeup: Wakeup,
        _ tick: () throws(Failure) -> ContinuousClock.Instant?
    ) throws(Failure) {
        // A socket that could not even be opened has nothing to wait for.
        guard connection.socket >= 0 else { throw Failure(text: connection.message) }
        while true {
            let next = try tick()
            let ready = wakeup.wait(socket: connection.socket, events: events, until: min(deadline, next ?? deadline))
            if ready.events != 0 { return }
            if ContinuousClock.now >= deadline { throw Failure(text: "no answer within \(timeout)") }
        }
    }

    private func greet(
        _ connection: Connection, until deadline: ContinuousClock.Instant, _ wakeup: Wakeup,
        _ tick: () throws(Failure) -> ContinuousClock.Instant?
    ) throws(Failure) {
        guard connection.script(greeting) else { throw Failure(text: connection.message) }
        var failure: ServerFailure?
        while true {
            let unsent = connection.flush()
            guard unsent >= 0 else { throw Failure(text: connection.message) }
            switch connection.nextAnswer() {
            case .result(_, .failure(let reason)): failure = failure ?? reason
            case .result: continue
            case .end:
                if let failure { throw Failure(text: failure.text) }
                return
            case .none:
                let events = unsent == 1 ? POLLIN | POLLOUT : POLLIN
                try wait(connection, for: Int32(events), until: deadline, wakeup, tick)
                guard connection.consume() else { throw Failure(text: connection.message) }
            }
        }
    }
}
