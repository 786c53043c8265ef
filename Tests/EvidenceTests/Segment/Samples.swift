import Evidence
import Testing

/// Keys and labels that tests share. The keys are made anew in each run.
enum Samples {
    static let auditor = ArchiveKey(generating: .auditor, name: "auditor")
    static let officers = (1...3).map { ArchiveKey(generating: .officer, name: "officer-\($0)") }

    static func recipients() throws -> Recipients {
        try Recipients(auditor: auditor.recipient, officers: officers.map(\.recipient))
    }

    static let day: Range<Int64> = 1_789_948_800_000..<1_790_035_200_000

    static func label(_ recordClass: String = "C4") -> SegmentLabel {
        SegmentLabel(
            recordClass: recordClass, tenant: "ouest", period: day, sealedAt: day.upperBound + 60_000,
            expiresAt: day.upperBound + 31_536_000_000, policy: "2026-03", basis: "CPCE L.34-1 II bis 3°, R.10-13 IV")
    }

    /// A builder with `count` generated flows.
    static func builder(_ schema: Schema, _ count: Int, seed: UInt64 = 1) throws -> SegmentBuilder {
        let builder = SegmentBuilder(schema, capacity: count)
        var flows = GeneratedFlows(seed: seed)
        var sources: [Token] = []
        var sites: [Token] = []
        for site in 0..<GeneratedFlows.sites {
            sources.append(try builder.intern("gateway-\(site)"))
            sites.append(try builder.intern("site-\(site)"))
        }
        for _ in 0..<count {
            var (record, site) = flows.flow()
            (record.source, record.site) = (sources[site], sites[site])
            try builder.append(record)
        }
        return builder
    }

    static func open(_ segment: SealedSegment) throws -> SegmentReader {
        let file = try SegmentFile(SegmentSource(segment.octets))
        return try SegmentReader(file, DataKey(auditor: #require(try file.shares(of: auditor).first)))
    }
}
