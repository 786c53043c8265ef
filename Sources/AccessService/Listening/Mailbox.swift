import Synchronization

/// What other threads tell a packet thread: results of what it deferred, what came over connections, and to stop.
///
/// Bound: each message answers a request that the thread itself put into a bounded queue, or holds packets of connections,
/// whose number in flight is bounded.
final class Mailbox: Sendable {
    enum Message: Sendable {
        /// The subject of a login has been looked up, or could not be.
        case lookedUp([LookupResult])
        /// A password has been verified.
        case verified(DeferredRequest, Verification)
        /// Accounting records are durable and may be answered.
        case stored([DeferredRequest])
        /// Accounting records are not stored; the NAS keeps them and sends again.
        case notStored([DeferredRequest], TallyKind)
        /// The answer to a request was made elsewhere.
        case answered(DeferredRequest, DeferredAnswer)
        /// A login inside a tunnel has to be judged: the request carries it.
        case asked(DeferredRequest)
        /// EAP has let somebody in.
        case admitted(DeferredRequest, EAPAdmission)
        /// Packets of connections; each holds one of its connection's places.
        case received([StreamPacket])
        /// Receive no more; end once nothing is deferred, or at the given monotonic instant.
        case drain(until: UInt64)
    }

    private let messages = Mutex<[Message]>([])
    let event: WakeEvent

    init() throws(AccessError) { event = try WakeEvent() }

    func post(_ message: Message) {
        let wasEmpty = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { event.ring() }
    }

    func take() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
