internal import Store
import Synchronization
internal import Territory

/// Whose rights are to be looked at: subjects whose usage has grown near a quota, and those the change feed names.
///
/// What was found of a subject is remembered, so that most interims cost a look into a table and no query: one without
/// quotas is looked at again after ten minutes, another after a minute or when half of what was left has gone, and one
/// whose sessions were over by then after ten seconds. Bounds:
/// `capacity` subjects remembered in two generations, about 80 bytes each; as many wait at most, and the next interim
/// brings back who found no place.
final class UsageNotes: Sendable {
    /// Subjects of one look at most.
    static let largestLook = 1_000
    private static let lifetime: UInt64 = 60_000_000_000
    private static let lifetimeWithoutQuota: UInt64 = 600_000_000_000
    private static let lifetimeWithoutSession: UInt64 = 10_000_000_000
    /// Looking more often than this much of traffic gains nothing.
    private static let leastOctets: Int64 = 1 << 18

    fileprivate struct Balance {
        var lookAt: UInt64
        /// Until the next look; nil: no quota of volume.
        var octets: Int64?
    }

    fileprivate struct State {
        var young: [SubjectReference: Balance] = [:]
        var old: [SubjectReference: Balance] = [:]
        var waiting: Set<SubjectReference> = []
    }

    private let state = Mutex(State())
    /// Rings for what cannot wait for the next round.
    let rings = BatchInbox<Void>(capacity: 1)
    private let clock: AccessClock
    private let capacity: Int

    init(clock: AccessClock, capacity: Int) { (self.clock, self.capacity) = (clock, max(2, capacity)) }

    /// Notes what accounting has stored.
    func note(_ writes: [SessionWrite]) {
        let now = clock.monotonic()
        state.withLock { state in
            for write in writes where write.row.isOpen {
                for delta in write.usage where delta.subject == write.row.subject {
                    state.note(delta, now: now, capacity: capacity)
                }
            }
        }
    }

    /// Notes that a right was changed: it is looked at at once.
    func note(changed subject: SubjectReference) {
        let isNoted = state.withLock { state in
            guard state.waiting.count < capacity else { return false }
            state.waiting.insert(subject)
            return true
        }
        if isNoted { _ = rings.append(()) }
    }

    /// Takes who is to be looked at.
    func take() -> [SubjectReference] {
        state.withLock { state in
            let taken = Array(state.waiting.prefix(Self.largestLook))
            state.waiting.subtract(taken)
            return taken
        }
    }

    /// Remembers what a look has found: what is left of the tightest quota of volume, and whether there is any quota.
    func found(_ subject: SubjectReference, octetsLeft: Int64?, hasQuota: Bool) {
        let lifetime = hasQuota ? Self.lifetime : Self.lifetimeWithoutQuota
        let balance = Balance(
            lookAt: clock.monotonic() &+ lifetime, octets: octetsLeft.map { max($0 / 2, Self.leastOctets) })
        state.withLock { $0.remember(subject, balance, capacity: capacity) }
    }

    /// Remembers that a look has found no session of these that goes on: who begins another is judged at its login.
    func foundNothing(of subjects: some Sequence<SubjectReference>) {
        let balance = Balance(lookAt: clock.monotonic() &+ Self.lifetimeWithoutSession, octets: nil)
        state.withLock { state in
            for subject in subjects { state.remember(subject, balance, capacity: capacity) }
        }
    }
}

extension UsageNotes.State {
    fileprivate mutating func note(_ delta: UsageDelta, now: UInt64, capacity: Int) {
        if var balance = young[delta.subject] ?? old[delta.subject], now < balance.lookAt {
            guard let octets = balance.octets else { return }
            let (left, overflow) = octets.subtractingReportingOverflow(delta.usage.octets)
            balance.octets = overflow ? 0 : left
            remember(delta.subject, balance, capacity: capacity)
            if !overflow, left > 0 { return }
        }
        if waiting.count < capacity { waiting.insert(delta.subject) }
    }

    fileprivate mutating func remember(_ subject: SubjectReference, _ balance: UsageNotes.Balance, capacity: Int) {
        if young.count >= capacity / 2, young[subject] == nil {
            old = young
            young = [:]
        }
        young[subject] = balance
    }
}
