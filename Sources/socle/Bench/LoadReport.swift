import Foundation

/// What one run of the load driver measured. Rates are replies a second, latencies microseconds from the instant a request
/// was due to the instant its reply was read. A login by EAP counts as one request, from its first packet to its last.
struct LoadReport: Codable, Equatable {
    var tag: String
    var mode: String
    /// `closed` keeps a window of requests outstanding; `open` sends at a fixed rate whatever the server does.
    var loop: String
    var seconds: Double
    var sent: UInt64
    var answered: UInt64
    var accepted: UInt64
    var rejected: UInt64
    /// Logins by EAP that resumed an earlier session.
    var resumed: UInt64
    /// Replies whose Response Authenticator or Message-Authenticator was wrong or that answered nothing outstanding, and
    /// those that a device does not believe in EAP.
    var refusedReplies: UInt64
    /// Access replies without a Message-Authenticator.
    var unsignedReplies: UInt64
    var retransmitted: UInt64
    var lost: UInt64
    var rate: Double
    var p50: Double
    var p99: Double
    var p999: Double
    var maximum: Double
    /// Processor milliseconds for 1000 answered requests, by the label given with `--cpu`.
    var cpuMillisecondsPerThousand: [String: Double]

    var line: String {
        let cpu = cpuMillisecondsPerThousand.sorted { $0.key < $1.key }
            .map { String(format: "%@ %.2f", $0.key, $0.value) }.joined(separator: "  ")
        let figures = String(
            format: "%.0f/s  p50 %.0f  p99 %.0f  p99.9 %.0f µs  lost %llu  refused %llu  rejected %llu",
            rate, p50, p99, p999, lost, refusedReplies, rejected)
        return "\(tag) \(mode) \(loop): \(figures)  CPU ms/1000: \(cpu.isEmpty ? "-" : cpu)"
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
