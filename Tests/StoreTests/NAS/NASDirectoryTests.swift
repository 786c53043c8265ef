import Foundation
import Postgres
import Store
import Territory
import Testing

struct NASDirectoryTests {
    @Test func `keeps secrets sealed: a dump of the database holds none of them`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "mairie-a")
            let clear = ["radius-secret-0123", "coa-secret-4567", "portal-key-89ab"]
            let nas = try await NASDirectory(here.owner, keys: here.keys).add(
                NewNAS(
                    name: "gw", profile: "mikrotik", source: IPPrefix("2001:db8::/64"), secret: Secret(text: clear[0]),
                    coaSecret: Secret(text: clear[1]), portalKey: Secret(text: clear[2])),
                to: site)
            #expect([nas.secret, nas.coaSecret, nas.portalKey].map { $0?.text } == clear)
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(
                NewVoucher(organisation: nas.organisationID, validFrom: .now, validUntil: .now + 60))
            let dump = try Dump.of(here.conninfo, ["--inserts"])
            #expect(dump.contains("INSERT INTO territory.nas"))
            for secret in clear + [voucher.code.canonical, voucher.code.display] {
                #expect(!dump.contains(secret))
                #expect(!dump.contains(secret.utf8.map { String($0, radix: 16) }.joined()))
            }
        }
    }

    @Test func `serves the others when one secret does not open`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "mairie-a")
            let directory = NASDirectory(here.owner, keys: here.keys)
            let good = try await directory.add(NewNAS(name: "a", profile: "wispr", identifier: "a"), to: site)
            let moved = try await directory.add(NewNAS(name: "b", profile: "wispr", identifier: "b"), to: site)
            _ = try await here.owner.write(
                """
                UPDATE territory.nas SET secret = (SELECT secret FROM territory.nas WHERE id = \(good.id))
                WHERE id = \(moved.id)
                """, repeatable: true)
            let all = try await NASDirectory(here.access, keys: here.keys).all()
            #expect(all.servers == [good])
            #expect(all.unreadable == [moved.id])
            await #expect(throws: StoreError(.secretUnreadable, "")) { try await directory.find(moved.id) }
        }
    }

    @Test func `refuses a NAS that nothing tells apart, or whose source is taken`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "mairie-a")
            let directory = NASDirectory(here.owner, keys: here.keys)
            await #expect(throws: StoreError(.invalid, "")) {
                try await directory.add(NewNAS(name: "a", profile: "wispr"), to: site)
            }
            _ = try await directory.add(NewNAS(name: "a", profile: "wispr", source: IPPrefix("192.0.2.1/32")), to: site)
            await #expect(throws: StoreError(.duplicate, "")) {
                try await directory.add(NewNAS(name: "b", profile: "wispr", source: IPPrefix("192.0.2.1/32")), to: site)
            }
            await #expect(throws: StoreError(.notFound, "")) {
                try await directory.add(NewNAS(name: "c", profile: "wispr", identifier: "c"), to: 999)
            }
        }
    }

    @Test func `a NAS may be known by its certificate alone, by a name that no other has, in any case`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "mairie-a")
            let directory = NASDirectory(here.owner, keys: here.keys)
            let nas = try await directory.add(
                NewNAS(name: "a", profile: "wispr", certificateName: "AP-1.example.fr"), to: site)
            #expect(nas.certificateName == "ap-1.example.fr")
            #expect(try await NASDirectory(here.access, keys: here.keys).find(nas.id) == nas)
            await #expect(throws: StoreError(.duplicate, "")) {
                try await directory.add(
                    NewNAS(name: "b", profile: "wispr", certificateName: "ap-1.EXAMPLE.fr"), to: site)
            }
            let other = try await directory.add(NewNAS(name: "c", profile: "wispr", identifier: "c"), to: site)
            await #expect(throws: StoreError(.duplicate, "")) {
                try await directory.setCertificateName("ap-1.example.fr", of: other.id)
            }
            await #expect(throws: StoreError(.invalid, "")) {
                try await directory.setCertificateName(nil, of: nas.id)
            }
            await #expect(throws: StoreError(.notFound, "")) {
                try await directory.setCertificateName("x.example.fr", of: 999)
            }
            try await directory.setCertificateName("AP-2.example.fr", of: nas.id)
            #expect(try await directory.find(nas.id)?.certificateName == "ap-2.example.fr")
        }
    }

    @Test func `remembers the first Message-Authenticator, by the access daemon's role, and nothing else of a NAS`()
        async throws
    {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "mairie-a")
            let nas = try await NASDirectory(here.owner, keys: here.keys)
                .add(NewNAS(name: "a", profile: "wispr", identifier: "a"), to: site)
            let directory = NASDirectory(here.access, keys: here.keys)
            try await directory.markMessageAuthenticatorSeen(nas.id, at: Installation.noon)
            try await directory.markMessageAuthenticatorSeen(nas.id, at: Installation.noon + 60)
            #expect(try await directory.find(nas.id)?.messageAuthenticatorSeenAt == Installation.noon)
            await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                try await here.access.write("UPDATE territory.nas SET message_authenticator = 'off'", repeatable: true)
            }
        }
    }

    @Test func `counts unknown sources and keeps a thousand of them at most`() async throws {
        try await Installation.with { here in
            let unknown = UnknownSources(here.access)
            func sources(_ range: ClosedRange<Int>) -> [UnknownSources.Source] {
                range.map {
                    .init(
                        address: IPAddress(v4: 0x0a00_0000 + UInt32($0)), firstSeenAt: Installation.noon,
                        lastSeenAt: Installation.noon + Double($0), packets: 2)
                }
            }
            try await unknown.note(sources(1...600))
            try await unknown.note(sources(1...1_200))
            let kept = try await unknown.list()
            #expect(kept.count == 1_000)
            #expect(kept.filter { $0.packets == 4 }.count == 600)
            #expect(try await unknown.list(since: Installation.noon + 1_000).isEmpty == false)
            #expect(try await unknown.forget(notSeenSince: Installation.noon + 500) == 499)
        }
    }
}
