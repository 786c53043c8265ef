internal import CLinux
internal import Foundation
internal import Synchronization

/// The threads of a client, and the task that waits for the last of them to end.
final class ThreadCrew: Sendable {
    private struct State {
        var bodies: [(name: String, body: @Sendable () -> Void)] = []
        var running = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ name: String, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.bodies.append((name, body)) }
    }

    func start() {
        let bodies = state.withLock { state in
            defer { state.bodies = [] }
            state.running = state.bodies.count
            return state.bodies
        }
        for (name, body) in bodies {
            let thread = Thread {
                socle_name_thread(name)
                body()
                self.ended()
            }
            thread.start()
        }
    }

    /// Returns when every thread has ended.
    func finished() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.running == 0 { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func ended() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.running -= 1
            guard state.running == 0 else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
