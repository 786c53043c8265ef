import CoreMetrics
import Synchronization

/// Every metric of the process. The lock is taken to make a series and to list them, never to change a value.
///
/// Bounded: beyond `maximumSeries` a new series is discarded and counted in `socle_metrics_refused_series_total`, so that
/// a label that takes endless values costs memory once and shows.
final class MetricsRegistry: MetricsFactory {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    private struct Family {
        let kind: Kind
        var series: [String: any MetricSeries] = [:]
    }

    private let maximumSeries: Int
    private let refused = CounterSeries()
    private let families = Mutex<(byName: [String: Family], count: Int)>(([:], 0))

    init(maximumSeries: Int = 10_000) { self.maximumSeries = maximumSeries }

    /// The series of that name and labels, made if need be; nil when it does not fit.
    private func series<S: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: Kind, make: () -> S
    ) -> S? {
        let name = PrometheusText.name(label)
        let labels = PrometheusText.labels(dimensions)
        let found = families.withLock { state -> S? in
            var family = state.byName[name] ?? Family(kind: kind)
            if let existing = family.series[labels] { return existing as? S }
            guard family.kind == kind, state.count < maximumSeries else { return nil }
            let made = make()
            family.series[labels] = made
            state.byName[name] = family
            state.count += 1
            return made
        }
        if found == nil { refused.increment(by: 1) }
        return found
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { CounterSeries() } ?? DiscardedSeries()
    }

    func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { GaugeSeries() } ?? DiscardedSeries()
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSeries() } ?? DiscardedSeries()
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { GaugeSeries() } ?? DiscardedSeries() }
        return series(label, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.quantityBounds) }
            ?? DiscardedSeries()
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("_seconds") ? label : label + "_seconds"
        return series(name, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.secondBounds) }
            ?? DiscardedSeries()
    }

    // A series outlives the object that fed it: a counter that vanishes and comes back looks like a restart.
    func destroyCounter(_: any CounterHandler) {}
    func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    func destroyMeter(_: any MeterHandler) {}
    func destroyRecorder(_: any RecorderHandler) {}
    func destroyTimer(_: any TimerHandler) {}

    /// Every series, in the order of names and labels.
    func render() -> String {
        let (snapshot, count) = families.withLock { ($0.byName, $0.count) }
        var text = ""
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.render(name: name, labels: labels, into: &text)
            }
        }
        text += "# TYPE socle_metrics_refused_series_total counter\n"
        refused.render(name: "socle_metrics_refused_series_total", labels: "", into: &text)
        text += "# TYPE socle_metrics_series gauge\nsocle_metrics_series \(count)\n"
        return text
    }
}
