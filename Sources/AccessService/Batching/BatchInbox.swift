import Synchronization

/// A bounded queue from packet threads (which never wait) to one asynchronous worker that takes everything at once.
///
/// Taking all that has gathered while the last batch was in flight is what sizes the next batch: no timer is involved.
/// Bound: `capacity` elements; what does not fit is refused to the caller, who drops it and lets the NAS send again.
final class BatchInbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isClosed = false

        /// nil: nothing there, and more may come.
        mutating func take(_ limit: Int) -> [Element]? {
            if elements.isEmpty { return isClosed ? [] : nil }
            if elements.count <= limit {
                defer { elements = [] }
                return elements
            }
            let taken = Array(elements.prefix(limit))
            elements.removeFirst(limit)
            return taken
        }

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())
    let capacity: Int

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Elements waiting now.
    var count: Int { state.withLock { $0.elements.count } }

    /// Appends one element; false if the queue is full or closed.
    func append(_ element: Element) -> Bool {
        let (accepted, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed, state.elements.count < capacity else { return (false, nil) }
            state.elements.append(element)
            return (true, state.takeWaiter())
        }
        waiter?.resume()
        return accepted
    }

    /// Appends the elements that fit, in order; returns how many did.
    func append(contentsOf batch: [Element]) -> Int {
        let (accepted, waiter) = state.withLock { state -> (Int, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed, !batch.isEmpty else { return (0, nil) }
            let room = min(max(0, capacity - state.elements.count), batch.count)
            state.elements.append(contentsOf: batch.prefix(room))
            return (room, room > 0 ? state.takeWaiter() : nil)
        }
        waiter?.resume()
        return accepted
    }

    /// Waits until something is there; at once if it is closed or the task cancelled. One worker at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state -> Bool in
                    if !state.elements.isEmpty || state.isClosed || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if resumeNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume()
        }
    }

    /// Waits until something is there and takes at most `limit` of it, oldest first. Empty: closed and drained, or the
    /// task was cancelled. One worker at a time.
    func next(limit: Int = .max) async -> [Element] {
        while true {
            let taken = state.withLock { $0.take(limit) }
            if let taken { return taken }
            await wait()
            if Task.isCancelled { return [] }
        }
    }

    /// Refuses further elements; those inside can still be taken.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            return state.takeWaiter()
        }
        waiter?.resume()
    }
}
