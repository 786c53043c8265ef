internal import Logging
internal import RADIUS
import Synchronization

/// Carries requests for other realms to their home servers and the answers back, on a thread of its own.
///
/// Retransmissions follow RFC 2865 §2.3 and RFC 5080 §2.2.1: a login is sent again when its NAS sends it again, and never
/// otherwise, since two sources of retransmissions multiply under load and the NAS alone knows how long it still cares.
/// A record has been answered once it is durable here, so nobody else repeats it: it is sent again by this client's own
/// timer, for half a minute, and then counted as lost to the home server (not to us).
///
/// Bound: `capacity` messages wait; what is under way is bound by the identifiers of the sockets.
final class ProxyClient: Sendable {
    struct Inbox {
        var messages: [ProxyMessage] = []
        var isClosed = false
    }

    let configuration: ProxyConfiguration
    let routes: RealmTable
    /// What our Proxy-States begin with, on every node of the installation.
    let mark: UInt64
    let clock: AccessClock
    let logger: Logger
    let mailboxes: MailboxList
    let event: WakeEvent
    private let inbox = Mutex(Inbox())

    /// `key` is a sub-key of the installation, whose digits make the mark.
    init(
        _ configuration: ProxyConfiguration, key: [UInt8], mailboxes: MailboxList, clock: AccessClock, logger: Logger
    ) throws(AccessError) {
        routes = RealmTable(configuration.realms, pools: configuration.pools.map(\.name))
        mark = key.prefix(ProxyState.markLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        event = try WakeEvent()
        (self.configuration, self.mailboxes, self.clock, self.logger) = (configuration, mailboxes, clock, logger)
    }

    /// Hands a message over; false: there is no room, or the client is closed.
    func send(_ message: ProxyMessage) -> Bool {
        let wasEmpty = inbox.withLock { inbox -> Bool? in
            guard !inbox.isClosed, inbox.messages.count < configuration.capacity else { return nil }
            inbox.messages.append(message)
            return inbox.messages.count == 1
        }
        if wasEmpty == true { event.ring() }
        return wasEmpty != nil
    }

    /// What has been handed over since the last time.
    func take() -> Inbox {
        inbox.withLock { inbox in
            defer { inbox.messages = [] }
            return inbox
        }
    }

    /// Serves until `close`.
    func run() async {
        await DedicatedThread.run("socle-proxy") {
            // The configuration has been validated: secrets are there and addresses numeric.
            guard let exchange = try? ProxyExchange(client: self) else { return }
            exchange.run()
        }
    }

    /// Ends the thread. Logins under way are dropped; records under way are lost to the home server.
    func close() {
        inbox.withLock { $0.isClosed = true }
        event.ring()
    }
}
