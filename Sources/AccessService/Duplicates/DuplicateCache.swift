import Glibc

/// The duplicate detection of RFC 5080 §2.2.2 for one packet thread.
///
/// A request is remembered from the moment it is accepted for processing; its reply is kept byte for byte and sent again
/// for `replyLifetime`. The same identifier with another authenticator is a new request and replaces the old one.
/// Bound: `capacity` requests; the oldest is forgotten first, and a retransmission of it is simply processed anew.
/// Memory is reserved at once and touched as it is used: about 400 bytes a request, more for a reply over 320 bytes.
///
/// Not Sendable: it belongs to one thread.
final class DuplicateCache {
    /// RFC 5080 §2.2.2 asks for five seconds or so.
    static let replyLifetime: UInt64 = 5_000_000_000
    /// A request never answered stops suppressing its retransmissions after this.
    static let progressLifetime: UInt64 = 10_000_000_000
    private static let inlineReplyBytes = 320

    /// Where a request is remembered; `generation` tells whether it still is.
    struct Ticket: Sendable, BitwiseCopyable {
        var slot: UInt32
        var generation: UInt32
    }

    enum Verdict {
        case fresh
        /// Which request it repeats.
        case inProgress(Ticket)
        /// The bytes of the reply, valid until the next call.
        case answered(UnsafeRawBufferPointer)
    }

    private struct Slot: BitwiseCopyable {
        var key = DuplicateKey(peer: PeerAddress(), socket: 0, code: 0, identifier: 0)
        var authenticatorHigh: UInt64 = 0
        var authenticatorLow: UInt64 = 0
        var deadline: UInt64 = 0
        var next: UInt32 = none
        var bucket: UInt32 = none
        var generation: UInt32 = 0
        /// 0: in progress.
        var replyLength: UInt32 = 0
        /// Set when the reply does not fit inline.
        var overflow: UnsafeMutableRawPointer?
    }

    private static let none = UInt32.max
    private let capacity: UInt32
    private let mask: UInt64
    private let seed: UInt64
    private let slots: UnsafeMutablePointer<Slot>
    private let buckets: UnsafeMutablePointer<UInt32>
    private let replies: UnsafeMutableRawPointer
    private var cursor: UInt32 = 0

    /// `capacity` is rounded up to a power of two, at least 16.
    init(capacity: Int, seed: UInt64) {
        var size = 16
        while size < min(max(capacity, 16), 1 << 22) { size <<= 1 }
        self.capacity = UInt32(size)
        self.seed = seed
        mask = UInt64(size - 1)
        slots = .allocate(capacity: size)
        slots.initialize(repeating: Slot(), count: size)
        buckets = .allocate(capacity: size)
        buckets.initialize(repeating: Self.none, count: size)
        replies = .allocate(byteCount: size * Self.inlineReplyBytes, alignment: 64)
    }

    deinit {
        for index in 0..<Int(capacity) { slots[index].overflow?.deallocate() }
        slots.deallocate()
        buckets.deallocate()
        replies.deallocate()
    }

    /// Tells whether a request has been seen, without remembering it.
    func look(up key: DuplicateKey, _ authenticator: (UInt64, UInt64), now: UInt64) -> Verdict {
        let index = find(key, bucket: bucket(of: key))
        guard index != Self.none else { return .fresh }
        let slot = slots + Int(index)
        guard slot.pointee.authenticatorHigh == authenticator.0, slot.pointee.authenticatorLow == authenticator.1,
            slot.pointee.deadline > now
        else { return .fresh }
        if slot.pointee.replyLength == 0 {
            return .inProgress(Ticket(slot: index, generation: slot.pointee.generation))
        }
        return .answered(UnsafeRawBufferPointer(start: replyMemory(index), count: Int(slot.pointee.replyLength)))
    }

    /// Remembers a request as being processed, in place of another with the same key.
    func begin(_ key: DuplicateKey, _ authenticator: (UInt64, UInt64), now: UInt64) -> Ticket {
        let bucket = bucket(of: key)
        var index = find(key, bucket: bucket)
        if index == Self.none {
            index = cursor
            cursor = (cursor &+ 1) & (capacity &- 1)
            unlink(index)
            slots[Int(index)].key = key
            slots[Int(index)].bucket = UInt32(bucket)
            slots[Int(index)].next = buckets[bucket]
            buckets[bucket] = index
        }
        let slot = slots + Int(index)
        release(slot)
        slot.pointee.authenticatorHigh = authenticator.0
        slot.pointee.authenticatorLow = authenticator.1
        slot.pointee.deadline = now &+ Self.progressLifetime
        slot.pointee.generation &+= 1
        return Ticket(slot: index, generation: slot.pointee.generation)
    }

    /// Keeps the reply of a request, unless the request has been replaced or forgotten meanwhile.
    func finish(_ ticket: Ticket, reply: UnsafeRawBufferPointer, now: UInt64) {
        guard let source = reply.baseAddress, reply.count > 0, let slot = current(ticket) else { return }
        release(slot)
        if reply.count > Self.inlineReplyBytes {
            slot.pointee.overflow = .allocate(byteCount: reply.count, alignment: 8)
        }
        slot.pointee.replyLength = UInt32(reply.count)
        slot.pointee.deadline = now &+ Self.replyLifetime
        replyMemory(ticket.slot).copyMemory(from: source, byteCount: reply.count)
    }

    /// Forgets a request that gets no reply, so that its retransmission is processed anew.
    func abandon(_ ticket: Ticket) {
        current(ticket)?.pointee.deadline = 0
    }

    /// Whether the request is still the one remembered: false once the NAS has reused its identifier.
    func isCurrent(_ ticket: Ticket) -> Bool { current(ticket) != nil }

    private func current(_ ticket: Ticket) -> UnsafeMutablePointer<Slot>? {
        guard ticket.slot < capacity, slots[Int(ticket.slot)].generation == ticket.generation else { return nil }
        return slots + Int(ticket.slot)
    }

    private func bucket(of key: DuplicateKey) -> Int { Int(key.hash(seed: seed) & mask) }

    private func find(_ key: DuplicateKey, bucket: Int) -> UInt32 {
        var index = buckets[bucket]
        while index != Self.none, slots[Int(index)].key != key { index = slots[Int(index)].next }
        return index
    }

    private func unlink(_ index: UInt32) {
        let bucket = slots[Int(index)].bucket
        guard bucket != Self.none else { return }
        if buckets[Int(bucket)] == index {
            buckets[Int(bucket)] = slots[Int(index)].next
        } else {
            var previous = buckets[Int(bucket)]
            while previous != Self.none, slots[Int(previous)].next != index { previous = slots[Int(previous)].next }
            if previous != Self.none { slots[Int(previous)].next = slots[Int(index)].next }
        }
        slots[Int(index)].bucket = Self.none
    }

    private func release(_ slot: UnsafeMutablePointer<Slot>) {
        slot.pointee.overflow?.deallocate()
        slot.pointee.overflow = nil
        slot.pointee.replyLength = 0
    }

    private func replyMemory(_ index: UInt32) -> UnsafeMutableRawPointer {
        slots[Int(index)].overflow ?? (replies + Int(index) * Self.inlineReplyBytes)
    }
}
