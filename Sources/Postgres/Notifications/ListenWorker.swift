internal import Foundation
internal import Logging

/// The thread of the connection that listens. It connects when the first subscriber comes.
final class ListenWorker {
    private let hub: ListenerHub
    private let wakeup: Wakeup
    private let connector: Connector
    private let logger: Logger
    private var backoff = Backoff()
    private var isOut = false

    init(hub: ListenerHub, wakeup: Wakeup, connector: Connector, logger: Logger) {
        self.hub = hub
        self.wakeup = wakeup
        self.connector = connector
        self.logger = logger
    }

    /// Returns when the hub is stopped.
    func run() {
        while !hub.isStopped {
            if hub.channels.isEmpty {
                wakeup.wait(until: nil)
                continue
            }
            guard let connection = connect() else { continue }
            listen(connection)
            hub.lost()
        }
    }

    private func connect() -> Connection? {
        do throws(Connector.Failure) {
            let connection = try connector.connect(wakeup) { () throws(Connector.Failure) in
                if hub.isStopped { throw Connector.Failure(text: "closed") }
                return nil
            }
            backoff.reset()
            isOut = false
            return connection
        } catch {
            if !isOut, !hub.isStopped {
                logger.warning("no connection to listen on, will keep trying", metadata: ["reason": "\(error.text)"])
            }
            isOut = true
            let end = ContinuousClock.now + backoff.delay(random: Double.random(in: 0..<1))
            while ContinuousClock.now < end, !hub.isStopped { wakeup.wait(until: end) }
            return nil
        }
    }

    /// Until the connection is lost, nobody listens any more or the hub is stopped.
    private func listen(_ connection: Connection) {
        var active: Set<String> = []
        while !hub.isStopped {
            let wanted = hub.channels
            if wanted.isEmpty { return }
            if wanted != active {
                guard change(connection, from: active, to: wanted) else { return }
                active = wanted
            }
            deliver(connection)
            hub.announce(active)
            // A subscriber whose buffer was full is told as soon as it has read something: looked at twice a second.
            let recheck: ContinuousClock.Instant? = hub.hasOverflow ? .now + .milliseconds(500) : nil
            let ready = wakeup.wait(socket: connection.socket, events: Int32(POLLIN), until: recheck)
            if ready.events != 0, !connection.consume() || !connection.isAlive {
                deliver(connection)
                return
            }
        }
    }

    private func deliver(_ connection: Connection) {
        while let (channel, payload) = connection.nextNotification() { hub.notify(channel: channel, payload: payload) }
    }

    private func change(_ connection: Connection, from old: Set<String>, to new: Set<String>) -> Bool {
        let script =
            new.subtracting(old).map { "LISTEN \(ListenWorker.quoted($0));" }
            + old.subtracting(new).map { "UNLISTEN \(ListenWorker.quoted($0));" }
        guard connection.script(script.sorted().joined()) else { return false }
        let deadline = ContinuousClock.now + connector.timeout
        while !hub.isStopped {
            guard connection.flush() >= 0 else { return false }
            switch connection.nextAnswer() {
            case .result(_, .failure): return false
            case .result: continue
            case .end: return true
            case .none:
                let ready = wakeup.wait(socket: connection.socket, events: Int32(POLLIN), until: deadline)
                if ready.events != 0, !connection.consume() { return false }
                if ready.events == 0, ContinuousClock.now >= deadline { return false }
            }
        }
        return false
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

extension PostgresClient {
    /// Notifications on these channels. The stream ends with the client; stop reading it to unsubscribe.
    ///
    /// At most 4096 events wait unread; what comes beyond is dropped and announced by another `listening`.
    public func listen(_ channels: [String]) -> AsyncStream<ListenEvent> { listeners.subscribe(channels) }
}
