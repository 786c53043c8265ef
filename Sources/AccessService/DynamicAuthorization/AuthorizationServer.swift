import CLinux
import Glibc
internal import Logging
internal import RADIUS
import Synchronization
internal import Territory

/// Listens for what trusted systems ask (RFC 5176), on a thread of its own, and answers once it has been done.
///
/// Believed is only what has a valid Message-Authenticator and an Event-Timestamp within five minutes of our clock
/// (RFC 5176 §6.3); a request that comes again gets the answer it got. Bounds: 256 requests wait at most, what comes then
/// is dropped and comes again; 4,096 answers are remembered.
final class AuthorizationServer: Sendable {
    /// A request on its way to being done, with all that its answer needs.
    struct Submission: Sendable {
        let request: DynamicAuthorizationRequest
        let octets: [UInt8]
        let key: AnswerMemory.Key
        let peer: PeerAddress
        /// Index of the system that asks.
        let system: Int
    }

    struct Reply: Sendable {
        let submission: Submission
        let answer: IncomingRequests.Answer
    }

    private struct Outgoing {
        var replies: [Reply] = []
        var isClosed = false
    }

    let socket: UDPSocket
    let clock: AccessClock
    let inbox = BatchInbox<Submission>(capacity: 256)
    let event: WakeEvent
    private let systems: PrefixTable<Int>
    /// By the index of their system.
    let secrets: [Secret]
    private let requests: IncomingRequests
    private let outgoing = Mutex(Outgoing())

    init(_ listening: AuthorizationListening, requests: IncomingRequests, clock: AccessClock) throws(AccessError) {
        guard let address = PeerAddress(text: listening.address, port: listening.port) else {
            throw AccessError(.invalidAddress, listening.address)
        }
        socket = try UDPSocket(binding: address, endpoint: .authentication)
        event = try WakeEvent()
        var systems = PrefixTable<Int>()
        for (index, system) in listening.systems.enumerated() {
            guard (try? SharedSecret(system.secret.bytes)) != nil else {
                throw AccessError(.configuration, "the secret of a trusted system cannot be used")
            }
            systems[system.source] = index
        }
        secrets = listening.systems.map(\.secret)
        (self.systems, self.requests, self.clock) = (systems, requests, clock)
    }

    /// Serves until `close`.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await DedicatedThread.run("socle-das") { AuthorizationReception(server: self).run() }
            }
            while true {
                let batch = await inbox.next(limit: 16)
                if batch.isEmpty { break }
                await withDiscardingTaskGroup { group in
                    for submission in batch { group.addTask { await self.serve(submission) } }
                }
            }
        }
    }

    private func serve(_ submission: Submission) async {
        let reply = Reply(submission: submission, answer: await requests.answer(submission.request))
        outgoing.withLock { $0.replies.append(reply) }
        event.ring()
    }

    /// Ends: what is under way is answered if it is done by then.
    func close() {
        inbox.close()
        outgoing.withLock { $0.isClosed = true }
        event.ring()
    }

    /// The answers that are ready, and whether this is the end.
    func take() -> (replies: [Reply], isClosed: Bool) {
        outgoing.withLock { outgoing in
            defer { outgoing.replies = [] }
            return (outgoing.replies, outgoing.isClosed)
        }
    }

    /// The index of the system that sends from there; nil: nobody we trust.
    func system(at peer: PeerAddress) -> Int? { systems.longestMatch(peer.address) }
}
