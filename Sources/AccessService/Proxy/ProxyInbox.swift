internal import RADIUS
import Synchronization

/// What other threads tell the proxy's thread.
enum ProxyMessage: Sendable {
    /// A request to send on.
    case submission(ProxySubmission)
    /// The NAS has sent a login again that is under way.
    case again(ProxiedLogin)
    /// What came of a transmission over a connection, by its place and number.
    case answered(HomeEndpoint.Place, UInt64, StreamReply)
    /// What became of the connection to a home server, by name.
    case connection(server: String, RadSecClientConnection.Event)
}

/// Messages to the proxy's thread, which is woken for them.
///
/// Bound: `capacity` requests of the packet threads; connections tell of as many as they carry.
final class ProxyInbox: Sendable {
    private struct State {
        var messages: [ProxyMessage] = []
        var isClosed = false
    }

    let event: WakeEvent
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) throws(AccessError) {
        event = try WakeEvent()
        self.capacity = capacity
    }

    /// Hands a message over; false: there is no room, or nobody reads any more.
    func send(_ message: ProxyMessage) -> Bool { append(message, limit: capacity) }

    /// Hands over what must not be lost and cannot be more than what is under way.
    func deliver(_ message: ProxyMessage) { _ = append(message, limit: .max) }

    private func append(_ message: ProxyMessage, limit: Int) -> Bool {
        let wasEmpty = state.withLock { state -> Bool? in
            guard !state.isClosed, state.messages.count < limit else { return nil }
            state.messages.append(message)
            return state.messages.count == 1
        }
        if wasEmpty == true { event.ring() }
        return wasEmpty != nil
    }

    /// What has been handed over since the last time, and whether that was the last.
    func take() -> (messages: [ProxyMessage], isClosed: Bool) {
        state.withLock { state in
            defer { state.messages = [] }
            return (state.messages, state.isClosed)
        }
    }

    /// Nothing is taken in any more.
    func close() {
        state.withLock { $0.isClosed = true }
        event.ring()
    }
}
