import Foundation
import Postgres
import Store
import Territory
import Testing

/// What writing sessions costs. Not a test of anything: run it in a release build with SOCLE_MEASURE=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SOCLE_MEASURE"] == "1"), .serialized)
struct SessionWriteMeasurement {
    private static let batches =
        ProcessInfo.processInfo.environment["SOCLE_MEASURE_BATCH"].flatMap(Int.init).map { [$0] } ?? [50, 200, 500]
    private let count = Int(ProcessInfo.processInfo.environment["SOCLE_MEASURE_SESSIONS"] ?? "") ?? 100_000

    @Test(arguments: SessionWriteMeasurement.batches) func `CPU for each record of a batch`(batch: Int) async throws {
        let cluster = try await ScratchCluster.start(
            migrations: Installation.migrations, durable: true,
            settings: ["autovacuum": "on", "shared_buffers": "256MB", "max_wal_size": "2GB"])
        let conninfo = ScratchCluster.conninfo(try await cluster.createDatabase(), user: "socle_access")
        let postmaster = try #require(cluster.server.processID)
        try await Installation.client(conninfo) { client in
            let store = SessionStore(client)
            var sessions = (0..<count).map { LoadedSession(.sample($0, nas: NASID(Int64($0 % 50 + 1)))) }
            try await measure("start", batch, postmaster, store) { index in
                SessionWrite(previous: nil, row: sessions[index].row)
            }
            for round in 1...2 {
                sessions.shuffle()
                try await measure("interim \(round)", batch, postmaster, store) { index in
                    let old = sessions[index].row
                    let new = old.later(Int64(60 * round), octets: Int64(1_000_000 * round))
                    let write = SessionWrite(
                        previous: sessions[index], row: new, usage: UsageDelta.between(old, new))
                    sessions[index] = write.written
                    return write
                }
            }
            let (client, server) = (Self.cpu(nil), Self.cpu(postmaster))
            for start in stride(from: 0, to: count, by: batch) {
                _ = try await store.load(
                    sessions[start..<min(start + batch, count)].map(\.row.reference), historySince: nil)
            }
            report("load", batch, Self.cpu(nil) - client, Self.cpu(postmaster) - server)
        }
        await cluster.stop()
    }

    private func measure(
        _ what: String, _ batch: Int, _ postmaster: Int32, _ store: SessionStore, _ write: (Int) -> SessionWrite
    ) async throws {
        let (client, server) = (Self.cpu(nil), Self.cpu(postmaster))
        for start in stride(from: 0, to: count, by: batch) {
            let outcome = try await store.write((start..<min(start + batch, count)).map(write))
            try #require(outcome.conflicts.isEmpty)
        }
        report(what, batch, Self.cpu(nil) - client, Self.cpu(postmaster) - server)
    }

    private func report(_ what: String, _ batch: Int, _ client: Double, _ server: Double) {
        let format = { (seconds: Double) in String(format: "%.1f", seconds * 1_000_000 / Double(count)) }
        print("\(what), batches of \(batch): client \(format(client)) µs, server \(format(server)) µs a record")
    }

    /// Seconds of CPU of this process, or of a server and its processes so far.
    private static func cpu(_ postmaster: Int32?) -> Double {
        guard let postmaster else { return Double(clock()) / Double(CLOCKS_PER_SEC) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.reduce(0) { sum, process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return sum }
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, process == postmaster || Int32(fields[1]) == postmaster,
                let user = Double(fields[11]), let system = Double(fields[12])
            else { return sum }
            return sum + (user + system) / 100
        }
    }
}
