import Synchronization
internal import Territory

/// The devices let in a moment ago whose accounting has not told of them yet: two that come before the first one's Start
/// count against each other, on this node.
///
/// Bound: `shardCount` times `perShard` devices, of which the oldest give way, and `lifetime`. Nothing is allocated after
/// the beginning.
final class RecentAccepts: Sendable {
    /// How long a NAS may take to send the Start of a session, in seconds.
    static let lifetime = 60.0
    private static let shardCount = 64
    private static let perShard = 512

    private final class Shard: Sendable { let table = Mutex(Table(capacity: RecentAccepts.perShard)) }
    private let shards = (0..<shardCount).map { _ in Shard() }

    /// Takes one of the `places` left to a subject for a device, or keeps the one that it has; false when the devices let in
    /// lately have taken them all.
    ///
    /// `isCounted` tells whether accounting has told of a device since the instant it was let in: those are among the
    /// devices that the places left do not count, or have gone again. Instants are seconds of the calendar.
    func take(
        _ subject: SubjectReference, _ station: CallingStation, places: Int, at now: Double,
        isCounted: (_ station: UInt64, _ since: Double) -> Bool
    ) -> Bool {
        let hash = UInt64(bitPattern: subject.id) &* 0x9E37_79B9_7F4A_7C15
        return shards[Int(hash >> 58)].table.withLock { table in
            table.take(subject, station.number, hash, places: places, at: now, isCounted: isCounted)
        }
    }

    /// A ring of places, each in the chain of its bucket.
    private struct Table {
        private struct Node {
            var subject = SubjectReference(kind: .loginGrant, id: 0)
            var station: UInt64 = 0
            var since = 0.0
            /// -1: free.
            var bucket = -1
            /// Index of the next in the chain; -1: none.
            var next = -1
        }

        private var heads: [Int]
        private var nodes: [Node]
        private var cursor = 0

        init(capacity: Int) {
            heads = Array(repeating: -1, count: capacity)
            nodes = Array(repeating: Node(), count: capacity)
        }

        mutating func take(
            _ subject: SubjectReference, _ station: UInt64, _ hash: UInt64, places: Int, at now: Double,
            isCounted: (UInt64, Double) -> Bool
        ) -> Bool {
            let bucket = Int((hash >> 32) % UInt64(heads.count))
            var (others, own) = (0, -1)
            var index = heads[bucket]
            while index >= 0 {
                let node = nodes[index]
                if node.subject == subject {
                    if node.station == station {
                        own = index
                    } else if abs(now - node.since) < RecentAccepts.lifetime, !isCounted(node.station, node.since) {
                        others += 1
                    }
                }
                index = node.next
            }
            guard others < places else { return false }
            if own >= 0 {
                nodes[own].since = now
            } else {
                insert(Node(subject: subject, station: station, since: now, bucket: bucket))
            }
            return true
        }

        private mutating func insert(_ node: Node) {
            let slot = cursor
            cursor = (cursor + 1) % nodes.count
            if nodes[slot].bucket >= 0 { unlink(slot) }
            nodes[slot] = node
            nodes[slot].next = heads[node.bucket]
            heads[node.bucket] = slot
        }

        private mutating func unlink(_ slot: Int) {
            let bucket = nodes[slot].bucket
            guard heads[bucket] != slot else {
                heads[bucket] = nodes[slot].next
                return
            }
            var index = heads[bucket]
            while index >= 0 {
                if nodes[index].next == slot {
                    nodes[index].next = nodes[slot].next
                    return
                }
                index = nodes[index].next
            }
        }
    }
}
