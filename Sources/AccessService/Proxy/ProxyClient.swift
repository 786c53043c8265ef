internal import Logging
internal import RADIUS
internal import Territory

/// Carries requests for other realms to their home servers and the answers back, on a thread of its own.
///
/// Retransmissions follow RFC 2865 §2.3 and RFC 5080 §2.2.1: a login is sent again when its NAS sends it again, and never
/// otherwise, since two sources of retransmissions multiply under load and the NAS alone knows how long it still cares.
/// A record has been answered once it is durable here, so nobody else repeats it: it is sent again by this client's own
/// timer, for half a minute, and then counted as lost to the home server (not to us). Over TLS nothing is sent twice while
/// its connection lasts.
///
/// Bound: `capacity` messages wait; what is under way is bound by the identifiers of the sockets and connections.
final class ProxyClient: Sendable {
    let configuration: ProxyConfiguration
    let routes: RealmTable
    /// What our Proxy-States begin with, on every node of the installation.
    let mark: UInt64
    let clock: AccessClock
    let logger: Logger
    let mailboxes: MailboxList
    let inbox: ProxyInbox
    /// To the servers that are reached over TLS, by name.
    let connections: [String: RadSecClientConnection]

    /// `key` is a sub-key of the installation, whose digits make the mark. Throws `.configuration` naming certificates that
    /// cannot be used.
    init(
        _ configuration: ProxyConfiguration, key: [UInt8], mailboxes: MailboxList, clock: AccessClock, logger: Logger
    ) throws(AccessError) {
        routes = RealmTable(configuration.realms, pools: configuration.pools.map(\.name))
        mark = key.prefix(ProxyState.markLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let inbox = try ProxyInbox(capacity: configuration.capacity)
        var connections: [String: RadSecClientConnection] = [:]
        for server in configuration.servers {
            guard let wanted = RadSecClientConfiguration(server, configuration) else { continue }
            let name = server.name
            connections[name] = try RadSecClientConnection(wanted, logger: logger) {
                inbox.deliver(.connection(server: name, $0))
            }
        }
        (self.configuration, self.mailboxes, self.clock, self.logger) = (configuration, mailboxes, clock, logger)
        (self.inbox, self.connections) = (inbox, connections)
    }

    /// Hands a message over; false: there is no room, or the client is closed.
    func send(_ message: ProxyMessage) -> Bool { inbox.send(message) }

    /// Serves until `close`, and keeps the connections meanwhile.
    func run() async {
        await withDiscardingTaskGroup { group in
            for connection in connections.values { group.addTask { await connection.run() } }
            await DedicatedThread.run("socle-proxy") {
                // The configuration has been validated: secrets are there and addresses numeric.
                guard let exchange = try? ProxyExchange(client: self) else { return }
                exchange.run()
            }
            group.cancelAll()
        }
    }

    /// Ends the thread. Logins under way are dropped; records under way are lost to the home server.
    func close() { inbox.close() }
}

extension RadSecClientConfiguration {
    /// How a server is reached over TLS; nil when it is reached over UDP.
    fileprivate init?(_ server: HomeServer, _ proxy: ProxyConfiguration) {
        guard let tls = server.tls else { return nil }
        self.init(host: server.address, port: tls.port, files: tls.files)
        (serverName, offersVersion11) = (tls.serverName, tls.offersVersion11)
        (limits, backoff) = (proxy.connectionLimits, proxy.connectionBackoff)
    }
}
