import Synchronization

/// Token buckets of one kind, one for each key, in bounded memory.
///
/// A bucket holds `burst` tokens and regains one every `refill`. Buckets live in two generations of at most
/// `capacity` keys: when the young one is full it becomes the old one, and what was old is forgotten. A forgotten bucket
/// is full again, so an attacker with many addresses gains nothing he did not have: budgets by site stand behind.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var updated: ContinuousClock.Instant
    }

    private struct State {
        var young: [Key: Bucket] = [:]
        var old: [Key: Bucket] = [:]
    }

    let burst: Double
    let refill: Duration
    private let capacity: Int
    private let state = Mutex(State())

    /// Buckets of `burst` tokens (at least 1), each regaining one per `refill` (above zero).
    init(burst: Int, refill: Duration, capacity: Int = 20_000) {
        self.burst = Double(max(burst, 1))
        self.refill = max(refill, .milliseconds(1))
        self.capacity = max(capacity, 1)
    }

    /// Takes a token of `key`. Nil: it is granted. Otherwise how long until there is one.
    func take(_ key: Key, at now: ContinuousClock.Instant) -> Duration? {
        state.withLock { state in
            var bucket = bucket(key, at: now, in: &state)
            guard bucket.tokens >= 1 else {
                store(bucket, key, in: &state)
                return refill * (1 - bucket.tokens)
            }
            bucket.tokens -= 1
            store(bucket, key, in: &state)
            return nil
        }
    }

    /// Gives a token back: what it was taken for turned out not to count.
    func giveBack(_ key: Key, at now: ContinuousClock.Instant) {
        state.withLock { state in
            var bucket = bucket(key, at: now, in: &state)
            bucket.tokens = min(burst, bucket.tokens + 1)
            store(bucket, key, in: &state)
        }
    }

    /// How many keys are remembered, at most twice the capacity.
    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    private func bucket(_ key: Key, at now: ContinuousClock.Instant, in state: inout State) -> Bucket {
        guard var bucket = state.young[key] ?? state.old[key] else { return Bucket(tokens: burst, updated: now) }
        let elapsed = max(bucket.updated.duration(to: now), .zero)
        bucket.tokens = min(burst, bucket.tokens + elapsed / refill)
        bucket.updated = max(now, bucket.updated)
        return bucket
    }

    private func store(_ bucket: Bucket, _ key: Key, in state: inout State) {
        if state.young[key] == nil, state.young.count >= capacity {
            state.old = state.young
            state.young = [:]
        }
        state.young[key] = bucket
        state.old[key] = nil
    }
}
