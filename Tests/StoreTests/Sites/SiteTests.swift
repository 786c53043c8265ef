import Foundation
import Postgres
import Store
import Territory
import Testing

struct SiteTests {
    private struct Meuse {
        let sites: Sites
        let barLeDuc: Organisation
        let verdun: Organisation
        let release: PackageReleaseID
    }

    private func meuse(_ here: Installation, package: String = "mairie") async throws -> Meuse {
        let organisations = Organisations(here.owner)
        let release = try await Packages(here.owner).publish(try PackageTests.package(package)).release
        return Meuse(
            sites: Sites(here.owner, keys: here.keys),
            barLeDuc: try await organisations.ensure(kind: .commune, name: "Bar-le-Duc", codeINSEE: "55029"),
            verdun: try await organisations.ensure(kind: .commune, name: "Verdun", codeINSEE: "55545"),
            release: release.id)
    }

    @Test func `makes a site with the networks and boxes of its package, and a NAS with a secret of its own`()
        async throws
    {
        try await Installation.with { here in
            let meuse = try await meuse(here)
            let package = try PackageTests.package("mairie")
            let made = try await meuse.sites.create(
                NewSite(
                    organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie",
                    nas: NewNAS(name: "passerelle", profile: "coovachilli")))
            #expect(made.site.slug == Slug(rawValue: "mairie-bar-le-duc"))
            #expect(made.networks.map(\.name) == package.networks.map(\.name))
            #expect(made.networks.allSatisfy { $0.ssid.utf8.count <= 32 })
            #expect(made.equipment.count == package.equipment.map(\.count).reduce(0, +))
            let nas = try #require(made.servers.first)
            #expect(nas.identifier == "mairie-bar-le-duc")
            #expect(nas.secret.bytes.count == 32)
            #expect(nas.portalKey != nil)
            let all = try await NASDirectory(here.access, keys: here.keys).all()
            #expect(all.servers == [nas])
            #expect(all.unreadable.isEmpty)
            let second = try await meuse.sites.create(
                NewSite(organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie"))
            #expect(second.site.slug == Slug(rawValue: "mairie-bar-le-duc-2"))
            let byAccess = try await Sites(here.access, keys: here.keys).withPackages()
            #expect(byAccess.map(\.site) == [made.site, second.site])
            #expect(byAccess.allSatisfy { $0.package == package })
        }
    }

    @Test func `refuses a slug that is taken, a NAS that is, an unknown zone, and leaves nothing behind`() async throws
    {
        try await Installation.with { here in
            let meuse = try await meuse(here)
            var request = NewSite(organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie")
            request.slug = Slug(rawValue: "mairie")
            request.nas = NewNAS(name: "gw", profile: "mikrotik", source: IPPrefix("192.0.2.1/32"))
            _ = try await meuse.sites.create(request)
            await #expect(throws: StoreError(.duplicate, "")) { try await meuse.sites.create(request) }
            request.slug = nil
            await #expect(throws: StoreError(.duplicate, "")) { try await meuse.sites.create(request) }
            request.nas = nil
            request.timeZone = "Europe/Bar-le-Duc"
            await #expect(throws: StoreError(.invalid, "")) { try await meuse.sites.create(request) }
            request.organisation = 999
            await #expect(throws: StoreError(.notFound, "")) { try await meuse.sites.create(request) }
            #expect(try await meuse.sites.list().count == 1)
            #expect(
                try await here.count(
                    "SELECT count(*) FROM territory.network WHERE site_id NOT IN (SELECT id FROM territory.site)") == 0)
        }
    }

    @Test func `clones a site for another commune with new secrets, its own names and no history`() async throws {
        try await Installation.with { here in
            let meuse = try await meuse(here)
            let original = try await meuse.sites.create(
                NewSite(
                    organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie",
                    nas: NewNAS(
                        name: "gw", profile: "opennds", source: IPPrefix("192.0.2.1/32"),
                        messageAuthenticator: .require,
                        coaPort: 3_799)))
            let nas = try #require(original.servers.first)
            _ = try await SessionStore(here.access).write([
                SessionWrite(previous: nil, row: .sample(1, nas: nas.id, site: original.site.id))
            ])
            let copy = try await meuse.sites.clone(original.site.id, for: meuse.verdun.id)
            #expect(copy.site.organisationID == meuse.verdun.id)
            #expect(copy.site.slug == Slug(rawValue: "mairie-verdun"))
            #expect(copy.site.packageReleaseID == original.site.packageReleaseID)
            #expect(copy.networks.map(\.name) == original.networks.map(\.name))
            #expect(
                copy.networks.allSatisfy { $0.organisationID == meuse.verdun.id && !$0.ssid.contains("Bar-le-Duc") })
            #expect(copy.equipment.map(\.name) == original.equipment.map(\.name))
            let twin = try #require(copy.servers.first)
            #expect(twin.organisationID == meuse.verdun.id)
            #expect((twin.source, twin.identifier) == (nil, "mairie-verdun"))
            #expect((twin.messageAuthenticator, twin.coaPort) == (.require, 3_799))
            #expect(twin.secret != nas.secret)
            #expect(twin.portalKey != nil)
            #expect(twin.portalKey != nas.portalKey)
            #expect(
                try await here.count("SELECT count(*) FROM access.live_session WHERE site_id = \(copy.site.id)") == 0)
            await #expect(throws: StoreError(.notFound, "")) { try await meuse.sites.clone(999, for: meuse.verdun.id) }
        }
    }

    @Test func `tells the portal everything about a site in one answer, and no RADIUS secret`() async throws {
        try await Installation.with { here in
            let meuse = try await meuse(here)
            let made = try await meuse.sites.create(
                NewSite(
                    organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie",
                    nas: NewNAS(name: "gw", profile: "opennds", portalKey: Secret(text: "faskey"))))
            let portal = Sites(here.portal, keys: here.keys)
            let detail = try #require(try await portal.detail(slug: made.site.slug))
            #expect(detail.site == made.site)
            #expect(detail.organisation == meuse.barLeDuc)
            #expect(detail.package == (try PackageTests.package("mairie")))
            #expect(Set(detail.networks) == Set(made.networks))
            #expect(detail.gateways.map(\.portalKey) == [Secret(text: "faskey")])
            #expect(detail.gateways.map(\.id) == made.servers.map(\.id))
            #expect(
                try await portal.gateways() == detail.gateways.map { PlacedGateway(gateway: $0, slug: made.site.slug) })
            let nowhere = try #require(Slug(rawValue: "nowhere"))
            #expect(try await portal.detail(slug: nowhere) == nil)
            await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                try await NASDirectory(here.portal, keys: here.keys).all()
            }
        }
    }

    @Test func `shows a site without network or gateway`() async throws {
        try await Installation.with { here in
            let (_, site) = try await here.commune("55001", slug: "vide")
            let mairie = try PackageTests.package("mairie").document
            _ = try await here.owner.write(
                "UPDATE territory.package_release SET document = \(mairie)::text::jsonb", repeatable: true)
            let slug = try #require(Slug(rawValue: "vide"))
            let detail = try #require(try await Sites(here.portal, keys: here.keys).detail(slug: slug))
            #expect(detail.site.id == site)
            #expect(detail.networks.isEmpty && detail.gateways.isEmpty)
        }
    }

    @Test func `closes a site once, disconnects who is there, and opens it again`() async throws {
        try await Installation.with { here in
            let meuse = try await meuse(here)
            let made = try await meuse.sites.create(
                NewSite(
                    organisation: meuse.barLeDuc.id, release: meuse.release, name: "Mairie",
                    nas: NewNAS(name: "gw", profile: "mikrotik")))
            let nas = try #require(made.servers.first)
            let rows = [
                SessionRow.sample(1, nas: nas.id, organisation: meuse.barLeDuc.id, site: made.site.id),
                SessionRow.sample(2, nas: nas.id, organisation: meuse.barLeDuc.id, site: made.site.id).stopped,
            ]
            _ = try await SessionStore(here.access).write(rows.map { SessionWrite(previous: nil, row: $0) })
            #expect(try await meuse.sites.close(made.site.id) == 1)
            #expect(try await meuse.sites.close(made.site.id) == nil)
            #expect(try await meuse.sites.find(made.site.id)?.status == .closed)
            let commands = try await Outbox(here.access).claim(lease: .seconds(30), now: .now + 1)
            #expect(commands.map(\.session?.sessionID) == [rows[0].sessionID])
            let opened = try await meuse.sites.reopen(made.site.id)
            #expect(opened)
            #expect(try await meuse.sites.find(slug: made.site.slug)?.status == .open)
        }
    }
}
