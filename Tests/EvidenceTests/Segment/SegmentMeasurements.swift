import Foundation
import Testing

@testable import Evidence

/// Figures, printed; run with `SOCLE_MEASURE=1 swift test -c release --filter SegmentMeasurements`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["SOCLE_MEASURE"] != nil))
struct SegmentMeasurements {
    private func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(arguments: [Schema.translations, .destinations], [4096, 8192])
    func `what sealing, verifying and finding cost`(schema: Schema, block: Int) throws {
        let count = 1_000_000
        var flows = GeneratedFlows()
        let generated = (0..<count).map { _ in flows.flow().record }
        let builder = SegmentBuilder(schema, capacity: count)
        builder.blockRecords = block
        let source = try builder.intern("gateway")
        let c0 = cpu()
        for var record in generated {
            (record.source, record.site) = (source, source)
            try builder.append(record)
        }
        let c1 = cpu()
        let segment = try builder.seal(Samples.label(), to: try Samples.recipients())
        let c2 = cpu()
        let file = try SegmentFile(SegmentSource(segment.octets))
        for part in 0..<file.header.parts { _ = try file.part(part) }
        let c3 = cpu()
        try Samples.open(segment).verify()
        let c4 = cpu()
        let reader = try Samples.open(segment)
        var hits = 0
        let c5 = cpu()
        for record in generated.prefix(1000) {
            hits += try reader.find(
                AttributionQuery(record.publicAddress, port: record.publicPort, time: record.start...record.start)
            ).count
        }
        let c6 = cpu()
        let million = Double(count) / 1e6
        print(
            "MEASURED \(schema.name), \(block) records a block: \(Double(segment.octets.count) / Double(count)) octets/record, append",
            (c1 - c0) / million, "seal", (c2 - c1) / million, "hash", (c3 - c2) / million, "verify",
            (c4 - c3) / million,
            "s/M; find \((c6 - c5) * 1000) µs, \(hits) hits, \(builder.memory / count) octets/row")
    }
}
