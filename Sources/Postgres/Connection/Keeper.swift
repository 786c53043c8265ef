internal import Logging

/// Keeps one connection up for one thread: connects, backs off, says so in the log once per outage, and meanwhile lets
/// the lane's waiting calls expire in time.
final class Keeper<Item: Waiting> {
    let lane: Lane<Item>
    let wakeup: Wakeup
    private let connector: Connector
    private let logger: Logger
    private var backoff = Backoff()
    private var isOut = false
    /// Whether to connect before there is anything to do.
    var isEager = true
    private(set) var connection: Connection?

    init(lane: Lane<Item>, wakeup: Wakeup, connector: Connector, logger: Logger) {
        self.lane = lane
        self.wakeup = wakeup
        self.connector = connector
        self.logger = logger
    }

    /// Whether the thread is to end: nothing is left to do, or the time for it is over.
    var mustStop: Bool {
        guard let deadline = lane.stopDeadline else { return false }
        return deadline <= .now || lane.isEmpty
    }

    /// When the thread must look up from what it waits for.
    func tick() -> ContinuousClock.Instant? {
        let next = lane.expire(now: .now)
        guard let stop = lane.stopDeadline else { return next }
        return min(next ?? stop, stop)
    }

    /// The time to end has come, whatever is left.
    var isOver: Bool { lane.stopDeadline.map { $0 <= .now } ?? false }

    /// For the batches of the connection.
    var watch: Link.Watch { Link.Watch(tick: tick, mustStop: { self.isOver }) }

    /// Keeps connecting, and has each connection served, until the lane is drained or its time is over. `serve` returns
    /// when the connection is lost or of no more use.
    func run(_ settings: LinkSettings, _ serve: (Link, Connection) -> Void) {
        while !mustStop {
            guard connect(), let connection else { continue }
            if connection.enterPipeline() { serve(Link(connection, wakeup: wakeup, settings), connection) }
            drop()
        }
    }

    /// One attempt to connect; when it fails, one wait.
    /// - Returns: true when there is a new connection.
    func connect() -> Bool {
        if !isEager, lane.registerIfEmpty(wakeup) {
            wakeup.wait(until: tick())
            return false
        }
        do throws(Connector.Failure) {
            connection = try connector.connect(wakeup) { () throws(Connector.Failure) in
                if mustStop { throw Connector.Failure(text: "closed") }
                return tick()
            }
            lane.connected()
            backoff.reset()
            if isOut { logger.notice("connected again") }
            isOut = false
            return true
        } catch {
            if mustStop { return false }
            lane.connectFailed(now: .now)
            if !isOut {
                logger.warning(
                    "no connection to the database, will keep trying", metadata: ["reason": "\(error.text)"])
            }
            isOut = true
            waitBeforeNextAttempt()
            return false
        }
    }

    func drop() {
        guard connection != nil else { return }
        connection = nil
        lane.disconnected(wakeup)
    }

    private func waitBeforeNextAttempt() {
        let end = ContinuousClock.now + backoff.delay(random: Double.random(in: 0..<1))
        while ContinuousClock.now < end, !mustStop {
            let next = tick()
            wakeup.wait(until: min(end, next ?? end))
        }
    }
}
