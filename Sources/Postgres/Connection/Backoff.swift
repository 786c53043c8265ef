/// Waiting times between attempts to connect: doubled up to a bound, each drawn from its upper half so that the
/// connections of many nodes do not return in step.
struct Backoff: Equatable {
    let first: Duration
    let maximum: Duration
    private var next: Duration

    init(first: Duration = .milliseconds(50), maximum: Duration = .seconds(2)) {
        self.first = first
        self.maximum = maximum
        self.next = first
    }

    /// The time to wait now. `random` is in 0..<1.
    mutating func delay(random: Double) -> Duration {
        defer { next = min(next * 2, maximum) }
        return next * (0.5 + random / 2)
    }

    mutating func reset() { next = first }
}
