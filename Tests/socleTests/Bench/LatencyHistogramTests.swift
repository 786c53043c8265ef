import Testing

@testable import socle

struct LatencyHistogramTests {
    @Test func `an empty histogram has no percentile`() {
        #expect(LatencyHistogram().microseconds(at: 0.99) == 0)
    }

    @Test func `every duration falls into a bucket whose bound is at most 1.6 % above it`() {
        for exponent in 0..<40 {
            for offset in [0, 1, 3] as [UInt64] {
                let duration = (1 << UInt64(exponent)) + offset
                let bound = LatencyHistogram.upperBound(LatencyHistogram.bucket(duration))
                #expect(bound >= duration)
                #expect(Double(bound - duration) <= Double(duration) * 0.016)
            }
        }
    }

    @Test func `percentiles of one to a thousand microseconds are found`() {
        var histogram = LatencyHistogram()
        for microsecond in 1...1_000 as ClosedRange<UInt64> { histogram.record(nanoseconds: microsecond * 1_000) }
        #expect(abs(histogram.microseconds(at: 0.5) - 500) < 9)
        #expect(abs(histogram.microseconds(at: 0.99) - 990) < 17)
        #expect(histogram.microseconds(at: 1) == 1_000)
    }

    @Test func `a duration beyond the range counts in the last bucket instead of trapping`() {
        var histogram = LatencyHistogram()
        histogram.record(nanoseconds: .max)
        #expect(histogram.total == 1)
    }
}
