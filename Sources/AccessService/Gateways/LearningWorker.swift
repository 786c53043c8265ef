internal import Foundation
internal import Logging
internal import Store
internal import Territory

/// Remembers in the store which NAS have begun to send Message-Authenticator, so that every node requires it from them.
struct LearningWorker: Sendable {
    let directory: GatewayDirectory
    let servers: NASDirectory
    let clock: AccessClock
    let logger: Logger

    /// Serves until the directory's inbox is closed.
    func run() async {
        while true {
            let batch = await directory.learned.next(limit: 64)
            if batch.isEmpty { return }
            for id in batch { await store(id) }
        }
    }

    private func store(_ id: NASID) async {
        do {
            try await servers.markMessageAuthenticatorSeen(id, at: clock.calendar())
            logger.info(
                "a NAS signs its requests, they are required to be signed from now on", metadata: ["nas": "\(id)"])
        } catch {
            // This node requires it all the same; the next start learns it again.
            logger.warning("a NAS's signing could not be stored", metadata: ["nas": "\(id)", "error": "\(error)"])
        }
    }
}
