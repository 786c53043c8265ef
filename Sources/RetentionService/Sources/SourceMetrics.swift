internal import Metrics
internal import NetworkLogs

/// What sources have told, as metrics. Their labels are names of equipment, never of people.
enum SourceMetrics {
    /// Adds what was counted of a source since the last time.
    static func count(_ tally: SourceTally, of source: String) {
        add(tally.records, "socle_retention_records_total", [("source", source)])
        for (reason, count) in tally.ignored {
            add(count, "socle_retention_ignored_total", [("source", source), ("reason", reason.rawValue)])
        }
        for (reason, count) in tally.malformed {
            add(count, "socle_retention_malformed_total", [("source", source), ("reason", reason.rawValue)])
        }
        for (cause, count) in tally.lost {
            add(count, "socle_retention_lost_total", [("source", source), ("cause", cause.rawValue)])
        }
    }

    private static func add(_ count: Int64, _ name: String, _ dimensions: [(String, String)]) {
        if count > 0 { Counter(label: name, dimensions: dimensions).increment(by: count) }
    }
}
