internal import Foundation
internal import Territory

/// A request that waits for its login to be looked up.
struct LookupRequest: Sendable {
    var name: LoginName
    var site: SiteID
    var request: DeferredRequest
    /// Index of the packet thread that takes it up again.
    var thread: Int
}

/// What a look-up found.
enum LookupOutcome: Sendable {
    case found(LoginEntry)
    /// The store did not answer; what is in memory may serve (survival mode).
    case unavailable
}

/// Serves the cache misses of all packet threads: all that wait in one statement, one statement in flight.
final class LookupWorker: Sendable {
    let inbox: BatchInbox<LookupRequest>
    private let loader: LoginLoader
    private let mailboxes: MailboxList
    private let health: AccessHealth
    private let deadlines: Deadlines
    private let timeout: Duration

    init(
        loader: LoginLoader, mailboxes: MailboxList, health: AccessHealth, deadlines: Deadlines,
        configuration: AccessConfiguration
    ) {
        inbox = BatchInbox(capacity: configuration.lookupCapacity)
        (self.loader, self.mailboxes, self.health) = (loader, mailboxes, health)
        (self.deadlines, timeout) = (deadlines, configuration.storeTimeout)
    }

    /// Serves until the inbox is closed and empty.
    func run() async {
        while true {
            let batch = await inbox.next()
            if batch.isEmpty { return }
            await serve(batch)
        }
    }

    private func serve(_ batch: [LookupRequest]) async {
        var wanted: [LoginName: SiteID] = [:]
        wanted.reserveCapacity(batch.count)
        for request in batch { wanted[request.name] = request.site }
        var entries: [LoginName: LoginEntry] = [:]
        do {
            let names = wanted
            entries = try await deadlines.run(timeout) { try await self.loader.load(names) }
            health.storeSucceeded()
        } catch {
            health.storeFailed(error)
        }
        var byThread: [Int: [LookupResult]] = [:]
        for request in batch {
            let outcome = entries[request.name].map(LookupOutcome.found) ?? .unavailable
            byThread[request.thread, default: []].append(LookupResult(request: request.request, outcome: outcome))
        }
        for (thread, results) in byThread { mailboxes.post(.lookedUp(results), to: thread) }
    }
}

/// The answer to one `LookupRequest`.
struct LookupResult: Sendable {
    var request: DeferredRequest
    var outcome: LookupOutcome
}
