import CLinux
import Foundation
import Glibc
internal import RADIUS
import Synchronization

/// Sends Disconnect and CoA requests and waits for the NAS's answer, on a thread of its own with one socket per address
/// family. A reply counts only with a valid Response Authenticator and from the address asked.
///
/// Bound: `capacity` commands under way; each NAS has 256 identifiers. What does not fit is `.notSent` and stays in the
/// outbox.
final class AuthorizationClient: Sendable {
    typealias Completion = CheckedContinuation<AuthorizationOutcome, Never>

    struct Submission: Sendable {
        var command: AuthorizationCommand
        var completion: Completion
    }

    struct Inbox {
        var submissions: [Submission] = []
        var isClosed = false
    }

    let inbox = Mutex(Inbox())
    let event: WakeEvent
    let clock: AccessClock
    let parameters: RetransmissionParameters
    let capacity: Int

    init(
        clock: AccessClock, parameters: RetransmissionParameters = .init(), capacity: Int = 1024
    ) throws(AccessError) {
        (self.clock, self.parameters, self.capacity) = (clock, parameters, capacity)
        event = try WakeEvent()
    }

    /// Sends a command and waits for its outcome, for half a minute at most.
    func send(_ command: AuthorizationCommand) async -> AuthorizationOutcome {
        await withCheckedContinuation { completion in
            let accepted = inbox.withLock { inbox in
                guard !inbox.isClosed, inbox.submissions.count < capacity else { return false }
                inbox.submissions.append(Submission(command: command, completion: completion))
                return true
            }
            if accepted { event.ring() } else { completion.resume(returning: .notSent) }
        }
    }

    /// Serves until `close`.
    func run() async {
        await DedicatedThread.run("socle-coa") { AuthorizationExchange(client: self).run() }
    }

    /// Ends the thread; commands under way end as `.notSent`.
    func close() {
        inbox.withLock { $0.isClosed = true }
        event.ring()
    }
}
