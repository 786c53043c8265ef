import Postgres

/// What the connections of each role are doing, asked at the moment of the question.
enum DatabaseMetrics {
    private typealias Column = (name: String, kind: MetricsRegistry.Kind, value: @Sendable (PostgresStatistics) -> Int)

    private static let columns: [Column] = [
        ("socle_database_connected", .gauge, { $0.isConnected ? 1 : 0 }),
        ("socle_database_waiting", .gauge, { $0.waiting }),
        ("socle_database_reconnects_total", .counter, { $0.reconnects }),
        ("socle_database_refused_total", .counter, { $0.reads.refused + $0.writes.refused + $0.transactions.refused }),
        ("socle_database_statements_total", .counter, { $0.reads.completed + $0.writes.completed }),
        ("socle_database_batches_total", .counter, { $0.reads.batches + $0.writes.batches }),
    ]

    static func render(_ statistics: [(role: String, PostgresStatistics)]) -> String {
        var text = ""
        for column in columns {
            text += "# TYPE \(column.name) \(column.kind.rawValue)\n"
            for (role, numbers) in statistics {
                text += "\(column.name)\(PrometheusText.labels([("role", role)])) \(column.value(numbers))\n"
            }
        }
        return text
    }
}
