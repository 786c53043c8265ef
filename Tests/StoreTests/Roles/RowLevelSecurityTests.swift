import Foundation
import Postgres
import Store
import Territory
import Testing

struct RowLevelSecurityTests {
    private static let bound = [
        "identity.account", "identity.terms_acceptance", "access.voucher", "access.login_grant", "access.live_session",
        "access.session", "access.usage", "access.outbox", "territory.equipment",
    ]

    /// Two communes with one row each in the tables that tell who connected.
    private func fill(_ here: Installation) async throws -> [(organisation: OrganisationID, site: SiteID)] {
        var communes: [(organisation: OrganisationID, site: SiteID)] = []
        for (number, code) in ["55001", "55002"].enumerated() {
            let commune = try await here.commune(code, slug: "mairie-\(code)")
            communes.append(commune)
            let nas = try await NASDirectory(here.owner, keys: here.keys)
                .add(NewNAS(name: "gw", profile: "wispr", identifier: code), to: commune.site)
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(
                NewVoucher(organisation: commune.organisation, validFrom: .now - 60, validUntil: .now + 600))
            _ = try await Vouchers(here.owner, keys: here.keys).redeem(
                voucher.code, site: commune.site, of: commune.organisation, device: .documentation(UInt8(number)),
                now: .now, expiresAt: .now + 60)
            let row = SessionRow.sample(number, nas: nas.id, organisation: commune.organisation, site: commune.site)
                .later(60, octets: 1)
            _ = try await SessionStore(here.access).write([
                SessionWrite(previous: nil, row: row, usage: UsageDelta.between(nil, row))
            ])
        }
        return communes
    }

    private func visible(_ client: PostgresClient, _ table: String, _ organisation: OrganisationID?) async throws -> Int
    {
        let settings = organisation.map { [Setting("socle.organisation", $0.description)] } ?? []
        let sql: SQL = "SELECT count(*) FROM \(unescaped: table)"
        return try await client.query(sql, settings: settings)[0].decode(Int.self, column: 0)
    }

    @Test(arguments: ["access.voucher", "access.login_grant", "access.live_session", "access.usage"])
    func `shows the portal nothing without an organisation and its own rows with one`(table: String) async throws {
        try await Installation.with { here in
            let communes = try await fill(here)
            #expect(try await visible(here.owner, table, nil) == 2)
            #expect(try await visible(here.access, table, nil) == 2)
            #expect(try await visible(here.portal, table, nil) == 0)
            for commune in communes { #expect(try await visible(here.portal, table, commune.organisation) == 1) }
            #expect(try await visible(here.portal, table, 999) == 0)
            #expect(try await visible(here.portal, table, nil) == 0, "an organisation ends with its transaction")
        }
    }

    @Test func `lets the portal write for the organisation it acts for and for no other`() async throws {
        try await Installation.with { here in
            let communes = try await fill(here)
            let (mine, other) = (communes[0], communes[1])
            let grants = Grants(here.portal, keys: here.keys)
            let grant = try await grants.issueClickThrough(
                site: mine.site, of: mine.organisation, device: .documentation(9), now: .now, expiresAt: .now + 60)
            #expect(try await grants.find(login: grant.grant.login, of: mine.organisation) == grant)
            #expect(try await grants.find(login: grant.grant.login, of: other.organisation) == nil)
            #expect(try await grants.revoke(grant.grant.id, of: other.organisation, at: .now) == false)
            #expect(try await grants.revoke(grant.grant.id, of: mine.organisation, at: .now))
            var foreign = SessionRow.sample(7, organisation: other.organisation, site: other.site)
            foreign.subject = nil
            await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                try await SessionStore(here.portal, of: mine.organisation)
                    .write([SessionWrite(previous: nil, row: foreign)])
            }
            try await TermsAcceptances(here.portal).record(
                site: mine.site, of: mine.organisation, device: nil, address: nil, termsVersion: "1", language: "fr",
                acceptedAt: .now, expiresAt: .now)
            await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                try await here.portal.write(
                    """
                    INSERT INTO access.outbox (organisation_id, command, nas_id, device)
                    VALUES (\(other.organisation), 'disconnect', 1, '02:00:5e:00:53:01')
                    """, settings: [Setting("socle.organisation", mine.organisation.description)], repeatable: false)
            }
        }
    }

    @Test func `lets the portal keep a session of its own organisation through its whole life`() async throws {
        try await Installation.with { here in
            let mine = try await fill(here)[0]
            let store = SessionStore(here.portal, of: mine.organisation)
            var row = SessionRow.sample(50, organisation: mine.organisation, site: mine.site)
            row.subject = .voucher(1)
            let start = SessionWrite(previous: nil, row: row)
            #expect(try await store.write([start]).conflicts.isEmpty)
            let later = row.later(60, octets: 5)
            let interim = SessionWrite(previous: start.written, row: later, usage: UsageDelta.between(row, later))
            #expect(try await store.write([interim]).conflicts.isEmpty)
            var next = SessionRow.sample(50, organisation: mine.organisation, site: mine.site)
            next.startedAt += 600
            let replaced = SessionWrite(previous: interim.written, row: next, archived: [later.stopped])
            #expect(try await store.write([replaced]).conflicts.isEmpty)
            #expect(try await store.load([row.reference], historySince: nil) == [row.reference: replaced.written])
            #expect(try await here.count("SELECT count(*) FROM access.session") == 1)
        }
    }

    @Test func `protects every table that tells who connected`() async throws {
        try await Installation.with { here in
            let rows = try await here.owner.query(
                """
                SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE c.relrowsecurity AND n.nspname IN ('identity', 'access', 'territory')
                """)
            let protected = Set(try rows.decode(String.self))
            #expect(protected.isSuperset(of: Self.bound + ["territory.nas"]))
        }
    }
}
