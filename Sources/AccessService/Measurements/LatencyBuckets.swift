/// The upper bounds of the latency histogram, in microseconds: the bars of the service (1, 3, 5 ms) and the patience of a
/// NAS (seconds) are among them.
enum LatencyBuckets {
    static let upperBounds: [UInt64] = [
        50, 100, 250, 500, 1_000, 3_000, 5_000, 10_000, 50_000, 250_000, 1_000_000, 5_000_000,
    ]

    /// The bucket of a latency; the last one has no upper bound.
    static func index(microseconds: UInt64) -> Int {
        var index = 0
        while index < upperBounds.count, microseconds > upperBounds[index] { index += 1 }
        return index
    }

    /// The value of the `le` label, in seconds.
    static func label(_ index: Int) -> String {
        guard index < upperBounds.count else { return "+Inf" }
        return String(Double(upperBounds[index]) / 1_000_000)
    }
}
