import CoreMetrics
import Testing

@testable import socle

@Suite struct MetricsRegistryTests {
    let registry = MetricsRegistry(maximumSeries: 5)

    private func lines(of name: String) -> [String] {
        registry.render().split(separator: "\n").map(String.init).filter { $0.contains(name) }
    }

    @Test func `renders counters with their labels in order`() {
        registry.makeCounter(label: "socle_requests_total", dimensions: [("nas", "4"), ("code", "accept")]).increment(
            by: 3)
        registry.makeCounter(label: "socle_requests_total", dimensions: [("code", "accept"), ("nas", "4")]).increment(
            by: 4)
        #expect(
            lines(of: "socle_requests_total") == [
                "# TYPE socle_requests_total counter", "socle_requests_total{code=\"accept\",nas=\"4\"} 7",
            ])
    }

    @Test func `escapes backslash, quote and newline in label values`() {
        registry.makeCounter(label: "a", dimensions: [("x", "back\\slash \"quote\"\nline")]).increment(by: 1)
        #expect(lines(of: "a{") == [#"a{x="back\\slash \"quote\"\nline"} 1"#])
    }

    @Test func `makes a name of whatever it is given`() {
        #expect(PrometheusText.name("http.server-time") == "http_server_time")
        #expect(PrometheusText.name("9lives") == "_lives")
        #expect(PrometheusText.name("") == "_")
        #expect(PrometheusText.labels([("le gume", "é")]) == "{le_gume=\"é\"}")
    }

    @Test func `renders a gauge up and down`() {
        let meter = registry.makeMeter(label: "socle_open", dimensions: [])
        meter.set(Int64(5))
        meter.increment(by: 2.5)
        meter.decrement(by: 1)
        #expect(lines(of: "socle_open").last == "socle_open 6.5")
    }

    @Test func `renders a timer as a cumulative histogram of seconds`() {
        let timer = registry.makeTimer(label: "socle_wait", dimensions: [("kind", "write")])
        timer.recordNanoseconds(100_000)
        timer.recordNanoseconds(100_001)
        timer.recordNanoseconds(60_000_000_000)
        let found = lines(of: "socle_wait_seconds")
        #expect(found.first == "# TYPE socle_wait_seconds histogram")
        #expect(found.contains("socle_wait_seconds_bucket{kind=\"write\",le=\"0.0001\"} 1"))
        #expect(found.contains("socle_wait_seconds_bucket{kind=\"write\",le=\"0.00025\"} 2"))
        #expect(found.contains("socle_wait_seconds_bucket{kind=\"write\",le=\"10\"} 2"))
        #expect(found.contains("socle_wait_seconds_bucket{kind=\"write\",le=\"+Inf\"} 3"))
        #expect(found.contains("socle_wait_seconds_count{kind=\"write\"} 3"))
        #expect(found.contains { $0.hasPrefix("socle_wait_seconds_sum{kind=\"write\"} 60.0002") })
    }

    @Test func `accepts five series and refuses a sixth, which shows`() {
        for number in 1...6 {
            registry.makeCounter(label: "socle_n_total", dimensions: [("n", "\(number)")]).increment(by: 1)
        }
        #expect(lines(of: "socle_n_total{").count == 5)
        #expect(lines(of: "socle_metrics_refused_series_total").last == "socle_metrics_refused_series_total 1")
        #expect(lines(of: "socle_metrics_series ").last == "socle_metrics_series 5")
    }

    @Test func `a name keeps its kind`() {
        registry.makeCounter(label: "socle_x", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "socle_x", dimensions: []).set(Int64(9))
        #expect(lines(of: "socle_x") == ["# TYPE socle_x counter", "socle_x 1"])
    }

    @Test func `a destroyed counter keeps its series`() {
        let counter = registry.makeCounter(label: "socle_kept_total", dimensions: [])
        counter.increment(by: 2)
        registry.destroyCounter(counter)
        #expect(lines(of: "socle_kept_total").last == "socle_kept_total 2")
    }

    @Test func `loses no count when many tasks count at once`() async {
        let counter = registry.makeCounter(label: "socle_many_total", dimensions: [])
        let sum = registry.makeFloatingPointCounter(label: "socle_sum_total", dimensions: [])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.increment(by: 1)
                        sum.increment(by: 0.5)
                    }
                }
            }
        }
        #expect(lines(of: "socle_many_total").last == "socle_many_total 8000")
        #expect(lines(of: "socle_sum_total").last == "socle_sum_total 4000")
    }

    @Test(arguments: [(0.0, "0"), (1.5, "1.5"), (-2, "-2"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")])
    func `writes numbers as Prometheus reads them`(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }
}
