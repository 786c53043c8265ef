/// Whether a home server answers: alive, suspect (zombie), dead, and back (RFC 3539 §3.4, RFC 5997 §4.2).
///
/// Events in, and whether to probe out; it knows no clock. All instants are monotonic nanoseconds.
struct HomeServerState: Hashable, Sendable {
    /// What is thought of it.
    enum Condition: Hashable, Sendable {
        case alive
        /// Something went unanswered: asked only when nobody else is alive, until it answers or dies.
        case zombie(since: UInt64)
        /// Asked nothing but whether it is there.
        case dead(since: UInt64)
    }

    private(set) var condition = Condition.alive
    private let parameters: LivenessParameters
    private let isProbed: Bool
    private let isConnection: Bool
    private var lastReply: UInt64 = 0
    private var answersInARow = 0
    private var nextProbe: UInt64 = 0

    /// A server thought to be alive until it proves otherwise.
    ///
    /// - Parameters:
    ///   - isProbed: whether it answers Status-Server.
    ///   - isConnection: whether it is reached over a connection, which silence would leave in doubt.
    init(_ parameters: LivenessParameters, isProbed: Bool, isConnection: Bool = false) {
        (self.parameters, self.isProbed, self.isConnection) = (parameters, isProbed, isConnection)
    }

    var isAlive: Bool { condition == .alive }
    var isDead: Bool { if case .dead = condition { true } else { false } }

    /// An authentic reply to a login or a record. The dead are not raised by an old one.
    mutating func answered(now: UInt64) {
        lastReply = now
        if !isDead { condition = .alive }
    }

    /// A request sent at `sentAt` has waited for the whole response window.
    mutating func unanswered(sentAt: UInt64, now: UInt64) {
        guard isAlive, lastReply < sentAt else { return }
        suspect(now: now)
    }

    /// There is a connection to it again. Whether it answers over it a Status-Server shows at once; one that is not asked
    /// is believed.
    mutating func connected(now: UInt64) {
        nextProbe = now
        if !isProbed, !isDead { condition = .alive }
    }

    /// Its host says that nobody listens, which is forged easily over UDP, or its connection has ended: a suspicion, no more.
    mutating func refused(now: UInt64) {
        if isAlive { suspect(now: now) }
        answersInARow = 0
    }

    private mutating func suspect(now: UInt64) {
        condition = .zombie(since: now)
        nextProbe = now
    }

    /// An authentic reply to a Status-Server.
    mutating func probeAnswered(now: UInt64) {
        lastReply = now
        switch condition {
        case .alive: break
        case .zombie: condition = .alive
        case .dead:
            answersInARow += 1
            if answersInARow >= parameters.answersToRevive { condition = .alive }
        }
    }

    /// A Status-Server sent at `sentAt` went unanswered.
    mutating func probeUnanswered(sentAt: UInt64, now: UInt64) {
        answersInARow = 0
        // Who is alive is asked over connections alone, and what was asked of a suspect who has answered since says nothing.
        if isConnection { unanswered(sentAt: sentAt, now: now) }
    }

    /// What time alone changes; true: send a Status-Server now.
    mutating func tick(now: UInt64) -> Bool {
        switch condition {
        case .alive:
            guard isConnection, now &- lastReply >= parameters.watchdogInterval.clampedNanoseconds else { return false }
        case .zombie(let since):
            if now &- since >= parameters.zombiePeriod.clampedNanoseconds {
                condition = .dead(since: now)
                answersInARow = 0
            }
        case .dead(let since):
            if !isProbed, now &- since >= parameters.reviveAfter.clampedNanoseconds {
                condition = .alive
                return false
            }
        }
        guard isProbed, now >= nextProbe else { return false }
        nextProbe = now &+ parameters.probeInterval.clampedNanoseconds
        return true
    }
}
