/// When to send a request again: RFC 5080 §2.2.1, the algorithm of RFC 3315 §14 with the values for RADIUS.
struct RetransmissionTimer: Sendable {
    let parameters: RetransmissionParameters
    private let started: UInt64
    private var interval: UInt64 = 0
    private var transmissions = 1
    /// Monotonic instant of the next transmission, or of giving up.
    private(set) var deadline: UInt64

    /// `random` is −0.1 … 0.1, the RAND of the RFC.
    init(parameters: RetransmissionParameters, now: UInt64, random: Double) {
        self.parameters = parameters
        started = now
        interval = Self.scaled(parameters.initial.clampedNanoseconds, 1 + random)
        deadline = now &+ interval
    }

    /// Called at the deadline: true to transmit again, false to give up.
    mutating func fire(now: UInt64, random: Double) -> Bool {
        guard transmissions < parameters.count, now &- started < parameters.duration.clampedNanoseconds else {
            return false
        }
        transmissions += 1
        interval = Self.scaled(interval, 2 + random)
        let maximum = parameters.maximum.clampedNanoseconds
        if interval > maximum { interval = Self.scaled(maximum, 1 + random) }
        deadline = min(now &+ interval, started &+ parameters.duration.clampedNanoseconds)
        return true
    }

    private static func scaled(_ value: UInt64, _ factor: Double) -> UInt64 {
        UInt64(max(0, min(Double(value) * factor, 1e18)))
    }
}
