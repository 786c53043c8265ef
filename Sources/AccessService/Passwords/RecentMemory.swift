import Synchronization

/// Remembers digests for a while: passwords found right, passwords found wrong, subjects that failed lately.
///
/// Bound: `capacity` digests, 24 bytes each and as much again for the table. Two generations: inserting goes to the young
/// one, and when that holds half the capacity the old one is dropped whole, so that making room costs nothing per entry.
final class RecentMemory: Sendable {
    private struct Shard {
        var young: [KeyedDigest: UInt64] = [:]
        var old: [KeyedDigest: UInt64] = [:]
    }

    private static let shardCount = 16
    private let shards: [ShardBox]
    private let perGeneration: Int
    /// How long a digest is remembered, in nanoseconds.
    let lifetime: UInt64

    private final class ShardBox: Sendable {
        let state = Mutex(Shard())
    }

    init(capacity: Int, lifetime: Duration) {
        shards = (0..<Self.shardCount).map { _ in ShardBox() }
        perGeneration = max(1, capacity / Self.shardCount / 2)
        self.lifetime = lifetime.clampedNanoseconds
    }

    func contains(_ digest: KeyedDigest, now: UInt64) -> Bool {
        shards[Int(digest.low % UInt64(Self.shardCount))].state.withLock { shard in
            guard let until = shard.young[digest] ?? shard.old[digest] else { return false }
            return until > now
        }
    }

    func insert(_ digest: KeyedDigest, now: UInt64) {
        shards[Int(digest.low % UInt64(Self.shardCount))].state.withLock { shard in
            if shard.young.count >= perGeneration, shard.young[digest] == nil {
                shard.old = shard.young
                shard.young = [:]
            }
            shard.young[digest] = now &+ lifetime
        }
    }
}

extension Duration {
    /// Nanoseconds, 0 for a negative duration and at most about 292 years.
    var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? UInt64(Int64.max) : min(whole + UInt64(attoseconds / 1_000_000_000), UInt64(Int64.max))
    }
}
