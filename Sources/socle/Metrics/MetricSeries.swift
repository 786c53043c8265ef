import CoreMetrics
import Synchronization

/// One series of a metric: a name, a set of labels, and a value that any thread may change without a lock.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends the series' lines in Prometheus text format.
    func render(name: String, labels: String, into text: inout String)
}

/// A count that only grows. Whole numbers; wraps after 2⁶³, which no count here reaches.
final class CounterSeries: MetricSeries, CounterHandler {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func render(name: String, labels: String, into text: inout String) {
        text += "\(name)\(labels) \(count.load(ordering: .relaxed))\n"
    }
}

/// A number that goes up and down; as a floating-point counter it only goes up.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler, FloatingPointCounterHandler {
    private let bits = Atomic<UInt64>(0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { set(0.0) }

    private func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let wanted = (Double(bitPattern: seen) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: seen, desired: wanted, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }

    func render(name: String, labels: String, into text: inout String) {
        text += "\(name)\(labels) \(PrometheusText.number(Double(bitPattern: bits.load(ordering: .relaxed))))\n"
    }
}

/// A distribution over fixed buckets; a timer's values are seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    /// A class, because an atomic cannot be an element of an array.
    private final class Cell: Sendable {
        let count = Atomic<UInt64>(0)
    }

    /// Upper bounds of seconds: from a packet answered out of memory to a time-out.
    static let secondBounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Upper bounds of what is counted: batch sizes, rows, octets.
    static let quantityBounds: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000,
    ]

    private let bounds: [Double]
    private let cells: [Cell]
    private let sum = GaugeSeries()

    init(bounds: [Double]) {
        self.bounds = bounds
        self.cells = (0...bounds.count).map { _ in Cell() }
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        cells[index].count.wrappingAdd(1, ordering: .relaxed)
        sum.increment(by: value)
    }

    func render(name: String, labels: String, into text: inout String) {
        var seen: UInt64 = 0
        for (index, cell) in cells.enumerated() {
            seen += cell.count.load(ordering: .relaxed)
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            text += "\(name)_bucket\(PrometheusText.adding("le", bound, to: labels)) \(seen)\n"
        }
        sum.render(name: name + "_sum", labels: labels, into: &text)
        text += "\(name)_count\(labels) \(seen)\n"
    }
}

/// Takes what does not fit: a series beyond the limit, or a name used for another kind of metric.
final class DiscardedSeries: CounterHandler, MeterHandler, RecorderHandler, TimerHandler, FloatingPointCounterHandler {
    func increment(by: Int64) {}
    func increment(by: Double) {}
    func decrement(by: Double) {}
    func set(_: Int64) {}
    func set(_: Double) {}
    func record(_: Int64) {}
    func record(_: Double) {}
    func recordNanoseconds(_: Int64) {}
    func reset() {}
}
