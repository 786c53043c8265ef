import Synchronization

/// What the listeners have parsed and the archive has not yet taken, in batches.
///
/// Bound: `capacity` records. A full queue takes nothing: streams stop being read until there is room, and what a datagram
/// brought is counted as lost.
final class IntakeQueue: Sendable {
    private struct State {
        var batches: [[IntakeRecord]] = []
        var count = 0
        var isClosed = false
        var consumer: CheckedContinuation<Void, Never>?
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Takes a batch, or nothing of it when there is no room. Empty batches are taken.
    func offer(_ batch: [IntakeRecord]) -> Bool {
        if batch.isEmpty { return true }
        let (isTaken, consumer) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            // One batch always fits into an empty queue.
            guard !state.isClosed, state.count == 0 || state.count + batch.count <= capacity else {
                return (false, nil)
            }
            state.batches.append(batch)
            state.count += batch.count
            defer { state.consumer = nil }
            return (true, state.consumer)
        }
        consumer?.resume()
        return isTaken
    }

    /// Calls `body` once there may be room again: at once, or when half of the queue has been taken out.
    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            if state.count <= capacity / 2 || state.isClosed { return true }
            state.waiting.append(body)
            return false
        }
        if isNow { body() }
    }

    /// Every batch there is, waiting for one; nil once the queue is closed and empty.
    func take() async -> [[IntakeRecord]]? {
        while true {
            let (batches, isClosed) = state.withLock { state -> ([[IntakeRecord]], Bool) in
                defer { state.batches = [] }
                return (state.batches, state.isClosed)
            }
            if !batches.isEmpty { return batches }
            if isClosed { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.batches.isEmpty || state.isClosed { return true }
                    state.consumer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// Records that were taken out are durable now, and their room is free. Only now: what is taken out and not yet on disk
    /// has to count, or the bound would be none.
    func settle(_ count: Int) {
        let waiting = state.withLock { state -> [@Sendable () -> Void] in
            state.count -= count
            guard state.count <= capacity / 2 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body() }
    }

    /// Takes nothing more; what is in it can still be taken out.
    func close() {
        let (consumer, waiting) = state.withLock { state in
            state.isClosed = true
            defer { (state.consumer, state.waiting) = (nil, []) }
            return (state.consumer, state.waiting)
        }
        consumer?.resume()
        for body in waiting { body() }
    }
}
