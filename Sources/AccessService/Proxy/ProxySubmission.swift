/// A request to send on to a home server.
struct ProxySubmission: Sendable {
    /// What it is.
    enum Purpose: Hashable, Sendable {
        /// A login: the packet thread waits for its answer.
        case login
        /// A record that is durable here and answered.
        case record
    }

    var purpose: Purpose
    var request: DeferredRequest
    /// Index of the packet thread.
    var thread: Int
    /// Index of the pool.
    var pool: Int

    /// What its NAS's retransmissions find it by.
    var login: ProxiedLogin { ProxiedLogin(thread: thread, ticket: request.ticket) }
}

/// What a login under way is found by when its NAS sends it again.
struct ProxiedLogin: Hashable, Sendable {
    var thread: Int
    var slot: UInt32
    var generation: UInt32

    init(thread: Int, ticket: DuplicateCache.Ticket) {
        (self.thread, self.slot, self.generation) = (thread, ticket.slot, ticket.generation)
    }
}
