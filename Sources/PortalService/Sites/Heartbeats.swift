import Synchronization

/// When each openNDS gateway was last heard of by this node. At most `capacity`; the rest wait for their next call.
final class Heartbeats: Sendable {
    static let capacity = 20_000

    private let heard = Mutex<[[UInt8]: ContinuousClock.Instant]>([:])

    func heard(of gateway: [UInt8], at now: ContinuousClock.Instant) {
        heard.withLock { heard in
            if heard[gateway] == nil, heard.count >= Self.capacity { heard.removeAll() }
            heard[gateway] = now
        }
    }

    /// Gateways heard of since `instant`.
    func since(_ instant: ContinuousClock.Instant) -> Set<[UInt8]> {
        heard.withLock { Set($0.filter { $0.value >= instant }.keys) }
    }
}
