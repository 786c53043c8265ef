internal import Foundation

/// The thread of one connection that runs batches of independent statements.
final class LaneWorker {
    private let keeper: Keeper<Call>
    private let settings: LinkSettings

    init(keeper: Keeper<Call>, settings: LinkSettings) {
        self.keeper = keeper
        self.settings = settings
    }

    /// Returns when the lane is drained or its time is over.
    func run() { keeper.run(settings, serve) }

    /// Until the connection is lost or the thread must stop.
    private func serve(_ link: Link, _ connection: Connection) {
        let lane = keeper.lane
        while true {
            let calls = lane.take(settings.batchLimit, for: keeper.wakeup)
            if calls.isEmpty {
                if keeper.mustStop { return }
                let ready = keeper.wakeup.wait(socket: connection.socket, events: Int32(POLLIN), until: keeper.tick())
                if ready.events != 0, link.isLostWhileIdle() { return }
                continue
            }
            let outcome = link.run(calls, keeper.watch)
            lane.finished(calls.count, again: outcome.again)
            if !outcome.isAlive { return }
        }
    }
}
