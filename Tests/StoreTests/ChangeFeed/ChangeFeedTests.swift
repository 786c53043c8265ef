import Foundation
import Postgres
import Store
import Territory
import Testing

struct ChangeFeedTests {
    private func fill(_ here: Installation) async throws -> (site: SiteID, nas: NASID) {
        let (_, site) = try await here.commune("55001", slug: "mairie-a")
        let nas = try await NASDirectory(here.owner, keys: here.keys)
            .add(NewNAS(name: "gw", profile: "wispr", identifier: "gw"), to: site)
        return (site, nas.id)
    }

    private func touch(_ here: Installation, _ nas: NASID) async throws {
        _ = try await here.owner.write("UPDATE territory.nas SET profile = profile WHERE id = \(nas)", repeatable: true)
    }

    @Test func `begins with a resync and then tells each change after it is committed`() async throws {
        try await Installation.with { here in
            let (site, nas) = try await fill(here)
            var feed = ChangeFeed(here.access, logger: ScratchCluster.quiet).makeAsyncIterator()
            #expect(await feed.next() == .resync)
            try await touch(here, nas)
            #expect(await feed.next() == .change(Change(subject: .nas, key: nas.rawValue)))
            _ = try await Sites(here.owner, keys: here.keys).close(site)
            #expect(await feed.next() == .change(Change(subject: .site, key: site.rawValue)))
            try await NASDirectory(here.access, keys: here.keys).markMessageAuthenticatorSeen(nas, at: .now)
            try await touch(here, nas)
            #expect(
                await feed.next() == .change(Change(subject: .nas, key: nas.rawValue)), "not the mark: the daemon knows"
            )
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `catches up what was committed while the connection was lost, also by a transaction begun before`()
        async throws
    {
        try await Installation.with { here in
            let (_, nas) = try await fill(here)
            var feed = ChangeFeed(here.access, logger: ScratchCluster.quiet).makeAsyncIterator()
            #expect(await feed.next() == .resync)
            // The change's id is taken here, before the listener is lost; it is committed while nobody listens.
            try await here.owner.transaction { transaction in
                _ = try await transaction.write("UPDATE territory.nas SET profile = profile WHERE id = \(nas)")
                _ = try await here.owner.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE usename = 'socle_access' AND query LIKE 'LISTEN%' AND datname = current_database()
                    """)
                #expect(await feed.next() == .lost)
            }
            // Committed before the feed listens again or after it: told either way, after what may be told twice.
            let change = ChangeEvent.change(Change(subject: .nas, key: nas.rawValue))
            var seen: [ChangeEvent] = []
            while seen.last != change, let event = await feed.next() { seen.append(event) }
            #expect(seen.last == change)
            #expect(!seen.contains(.resync) && !seen.contains(.lost))
        }
    }

    @Test func `prunes old rows`() async throws {
        try await Installation.with { here in
            let (_, nas) = try await fill(here)
            try await touch(here, nas)
            let feed = ChangeFeed(here.access, logger: ScratchCluster.quiet)
            #expect(try await feed.prune(before: .now - 3_600) == 0)
            #expect(try await feed.prune(before: .now + 3_600) > 0)
            #expect(try await here.count("SELECT count(*) FROM territory.change") == 0)
        }
    }
}
