import Foundation
import Postgres
import Store
import Territory
import Testing

@Suite struct LogSourcesTests {
    private let mikrotik = NewLogSource(
        name: "bar-le-duc.nat", kind: .syslog, address: IPPrefix("192.0.2.7"), dialects: ["routeros"])

    private func daemon<Value: Sendable>(
        _ here: Installation, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        try await Installation.client(ScratchCluster.conninfo(here.conninfo, user: "socle_retention"), body)
    }

    @Test func `a source is found by the daemon as it was declared`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55029", slug: "mairie-bar")
            var both = mikrotik
            (both.certificateName, both.dialects) = ("NAT.Bar.example", ["routeros", "dnsmasq"])
            let added = try await LogSources(here.owner).add(both, to: site)
            #expect(added.organisationID == organisation)
            #expect(added.site.rawValue == "mairie-bar")
            #expect(added.certificateName == "nat.bar.example")
            #expect(added.dialects == ["routeros", "dnsmasq"])
            #expect(try await daemon(here) { try await LogSources($0).all() } == [added])
        }
    }

    @Test func `a name is never used again, an address is free once its source is removed`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55029", slug: "mairie-bar")
            let sources = LogSources(here.owner)
            _ = try await sources.add(mikrotik, to: site)
            var other = mikrotik
            other.name = "other"
            await #expect(throws: StoreError(.duplicate, "")) { try await sources.add(other, to: site) }
            try await sources.remove(mikrotik.name, at: Installation.noon)
            await #expect(throws: StoreError(.notFound, "")) {
                try await sources.remove("other", at: Installation.noon)
            }
            await #expect(throws: StoreError(.duplicate, "")) { try await sources.add(mikrotik, to: site) }
            #expect(try await sources.add(other, to: site).name == "other")
            #expect(try await sources.all().map(\.name) == ["other"])
        }
    }

    @Test func `what no row may hold is refused`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55029", slug: "mairie-bar")
            let sources = LogSources(here.owner)
            var cases = [mikrotik, mikrotik, mikrotik, mikrotik]
            cases[0].address = nil
            cases[1].dialects = []
            cases[2].name = "Bar-le-Duc"
            cases[3].silentAfterSeconds = 59
            for (index, new) in cases.enumerated() {
                await #expect(throws: StoreError(.invalid, ""), "\(index)") { try await sources.add(new, to: site) }
            }
            await #expect(throws: StoreError(.notFound, "")) { try await sources.add(mikrotik, to: SiteID(999_999)) }
        }
    }

    @Test func `sightings add up, and the last event never goes back`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55029", slug: "mairie-bar")
            let source = try await LogSources(here.owner).add(mikrotik, to: site)
            try await daemon(here) { client in
                let sources = LogSources(client)
                var seen = SourceSighting(source: source.id)
                (seen.records, seen.lost, seen.lastEventAt) = (10, 2, Installation.noon)
                seen.clockOffsetMilliseconds = -1_500
                try await sources.note([seen])
                (seen.records, seen.lastEventAt, seen.clockOffsetMilliseconds) = (5, Installation.noon - 60, nil)
                seen.silentSince = Installation.noon + 900
                try await sources.note([seen])
                let told = try #require(try await sources.sightings().first).seen
                #expect(told.records == 15)
                #expect(told.lost == 4)
                #expect(told.lastEventAt == Installation.noon)
                #expect(told.clockOffsetMilliseconds == -1_500)
                #expect(told.silentSince == Installation.noon + 900)
            }
        }
    }

    @Test func `a source that comes or goes is told to the daemon`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55029", slug: "mairie-bar")
            var events = ChangeFeed(here.owner, logger: ScratchCluster.quiet).makeAsyncIterator()
            #expect(await events.next() == .resync)
            let source = try await LogSources(here.owner).add(mikrotik, to: site)
            #expect(await events.next() == .change(Change(subject: .source, key: source.id.rawValue)))
        }
    }
}
