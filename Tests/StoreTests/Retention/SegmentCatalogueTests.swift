import Foundation
import Postgres
import Store
import Territory
import Testing

@Suite struct SegmentCatalogueTests {
    private func segment(_ name: String, expires: Date, leaf: Int64 = 0) -> CataloguedSegment {
        let noon = Installation.noon
        return CataloguedSegment(
            name: name, retentionClass: "C4", tenantGroup: "commun", kind: "translations", isJournal: false,
            period: noon..<(noon + 86_400), records: 12, bytes: 4_000, basis: "R.10-13 IV", policy: "france/1",
            clockStart: noon + 80_000, expiresAt: expires, leaf: leaf, sealedAt: noon + 86_500)
    }

    private func withCatalogue(_ body: @Sendable (SegmentCatalogue) async throws -> Void) async throws {
        try await Installation.with { here in
            try await Installation.client(ScratchCluster.conninfo(here.conninfo, user: "socle_retention")) { client in
                try await body(SegmentCatalogue(client))
            }
        }
    }

    @Test func `a segment is due at its expiry and not a millisecond before`() async throws {
        try await withCatalogue { catalogue in
            let end = Installation.noon + 366 * 86_400
            let entered = segment("segments/C4/a.segment", expires: end)
            try await catalogue.enter(entered)
            #expect(try await catalogue.due(at: end - 0.001).isEmpty)
            #expect(try await catalogue.due(at: end) == [entered])
            try await catalogue.markDestroyed("a", at: end + 5)
            #expect(try await catalogue.due(at: end + 10).isEmpty)
            #expect(try await catalogue.kept().isEmpty)
        }
    }

    @Test func `entering a segment again changes its leaf alone and does not bring it back`() async throws {
        try await withCatalogue { catalogue in
            let end = Installation.noon + 366 * 86_400
            try await catalogue.enter(segment("segments/C4/a.segment", expires: end))
            try await catalogue.enter(segment("segments/C4/a.segment", expires: end + 1_000, leaf: 7))
            let kept = try #require(try await catalogue.kept().first)
            #expect(kept.leaf == 7)
            #expect(kept.expiresAt == end)
            try await catalogue.markDestroyed("a", at: end)
            try await catalogue.enter(segment("segments/C4/a.segment", expires: end))
            #expect(try await catalogue.kept().isEmpty)
        }
    }

    @Test func `a segment that never expires, or before its clock starts, is refused`() async throws {
        try await withCatalogue { catalogue in
            await #expect(throws: PostgresError(.server(sqlState: "23514"))) {
                try await catalogue.enter(segment("segments/C4/a.segment", expires: Installation.noon))
            }
        }
    }

    @Test func `an injunction is entered once and stands`() async throws {
        try await Installation.with { here in
            let injunctions = Injunctions(here.owner)
            let decree = try #require(
                Injunction(
                    reference: "décret n° 2025-980", start: Installation.noon, end: Installation.noon + 300 * 86_400))
            try await injunctions.add(decree, by: "cli:dpo")
            await #expect(throws: StoreError(.duplicate, "")) { try await injunctions.add(decree, by: "cli:dpo") }
            #expect(try await injunctions.register() == InjunctionRegister([decree]))
        }
    }
}
