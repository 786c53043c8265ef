/// Counts durations in logarithmic buckets of 1/64 of a power of two: percentiles are exact within 1.6 %.
///
/// Range: 0 to about 2⁴⁰ ns (18 minutes); what is longer counts in the last bucket. Memory: 20 kB.
struct LatencyHistogram {
    private static let subBits = 6
    private static let buckets = (40 - subBits + 1) << subBits
    private var counts = [UInt64](repeating: 0, count: buckets)
    private(set) var total: UInt64 = 0
    private(set) var maximumNanoseconds: UInt64 = 0

    mutating func record(nanoseconds: UInt64) {
        counts[Self.bucket(nanoseconds)] += 1
        total += 1
        maximumNanoseconds = max(maximumNanoseconds, nanoseconds)
    }

    /// The duration that the share `quantile` (0…1) of what was recorded does not exceed, in microseconds; 0 if empty.
    func microseconds(at quantile: Double) -> Double {
        let wanted = UInt64((Double(total) * quantile).rounded(.up))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return Double(min(Self.upperBound(index), maximumNanoseconds)) / 1_000 }
        }
        return Double(maximumNanoseconds) / 1_000
    }

    static func bucket(_ nanoseconds: UInt64) -> Int {
        guard nanoseconds >= 1 << UInt64(subBits) else { return Int(nanoseconds) }
        let exponent = 63 - nanoseconds.leadingZeroBitCount - subBits
        let mantissa = Int(truncatingIfNeeded: nanoseconds >> UInt64(exponent)) & ((1 << subBits) - 1)
        return min(((exponent + 1) << subBits) + mantissa, buckets - 1)
    }

    static func upperBound(_ bucket: Int) -> UInt64 {
        guard bucket >= 1 << subBits else { return UInt64(bucket) }
        let exponent = (bucket >> subBits) - 1
        let mantissa = UInt64(bucket & ((1 << subBits) - 1)) | 1 << UInt64(subBits)
        return ((mantissa + 1) << UInt64(exponent)) - 1
    }
}
