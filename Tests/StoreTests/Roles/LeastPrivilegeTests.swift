import Foundation
import Postgres
import Store
import Territory
import Testing

struct LeastPrivilegeTests {
    private static let forbidden: [(role: String, statement: String)] = [
        ("socle_access", "INSERT INTO identity.account (organisation_id, login, password_hash) VALUES (1, 'x', 'x')"),
        ("socle_access", "UPDATE identity.account SET password_hash = 'x'"),
        ("socle_access", "DELETE FROM identity.account"),
        (
            "socle_access",
            "INSERT INTO access.voucher (organisation_id, digest, valid_until) VALUES (1, '\\x00', now())"
        ),
        ("socle_access", "UPDATE access.login_grant SET expires_at = 'infinity'"),
        ("socle_access", "UPDATE territory.nas SET secret = '\\x00'"),
        ("socle_access", "UPDATE access.session SET input_octets = 0"),
        ("socle_access", "SELECT * FROM identity.terms_acceptance"),
        ("socle_access", "INSERT INTO territory.change (subject, key) VALUES ('nas', 1)"),
        ("socle_access", "TRUNCATE access.live_session"),
        ("socle_access", "DROP TABLE access.live_session"),
        ("socle_access", "CREATE TABLE access.mine (id int)"),
        ("socle_access", "CREATE TABLE public.mine (id int)"),
        ("socle_access", "SELECT * FROM audit.event"),
        ("socle_access", "UPDATE access.session_attempt SET result = 'ack'"),
        ("socle_portal", "SELECT secret FROM territory.nas"),
        ("socle_portal", "SELECT coa_secret FROM territory.nas"),
        ("socle_portal", "SELECT * FROM territory.nas"),
        ("socle_portal", "SELECT * FROM identity.account"),
        ("socle_portal", "SELECT * FROM identity.terms_acceptance"),
        ("socle_portal", "UPDATE access.voucher SET devices = 1000"),
        ("socle_portal", "UPDATE access.voucher SET revoked_at = NULL"),
        ("socle_portal", "UPDATE access.login_grant SET login = 'g.aaaaaaaaaaaaaaaaaaaa'"),
        ("socle_portal", "DELETE FROM access.login_grant"),
        ("socle_portal", "SELECT * FROM access.session"),
        ("socle_portal", "DELETE FROM access.live_session"),
        ("socle_portal", "SELECT * FROM access.outbox"),
        ("socle_portal", "SELECT * FROM access.session_attempt"),
        ("socle_portal", "UPDATE territory.site SET status = 'open'"),
        ("socle_portal", "SELECT access.ensure_session_partitions('2030-01-01', 1)"),
        ("socle_portal", "SELECT * FROM audit.event"),
        ("socle_portal", "SET ROLE socle_access"),
        ("socle_supervision", "SELECT * FROM access.live_session"),
        ("socle_supervision", "SELECT secret FROM territory.nas"),
        ("socle_retention", "DELETE FROM access.session"),
        ("socle_retention", "SELECT * FROM identity.account"),
        ("socle_retention", "DELETE FROM retention.segment"),
        (
            "socle_retention",
            "INSERT INTO retention.injunction (reference, starts_at, ends_at, entered_by) "
                + "VALUES ('x', now(), now() + interval '1 day', 'x')"
        ),
        ("socle_retention", "UPDATE retention.source SET removed_at = now()"),
        ("socle_access", "SELECT * FROM retention.segment"),
        ("socle_console", "SELECT secret FROM territory.nas"),
        ("socle_console", "SELECT portal_key FROM territory.nas"),
    ]

    @Test func `refuses each role what it has no business with`() async throws {
        try await Installation.with { here in
            for (role, group) in Dictionary(grouping: Self.forbidden, by: \.role) {
                try await Installation.client(ScratchCluster.conninfo(here.conninfo, user: role)) { client in
                    for (_, statement) in group {
                        await #expect(throws: PostgresError(.server(sqlState: "42501")), "\(role): \(statement)") {
                            try await client.write(SQL(unescaped: statement), repeatable: true)
                        }
                    }
                }
            }
        }
    }

    @Test func `gives no role a way around the policies`() async throws {
        try await Installation.with { here in
            let rows = try await here.owner.query(
                """
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'socle\\_%'
                    AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
                """)
            #expect(rows.isEmpty)
            let memberships = try await here.owner.query(
                "SELECT 1 FROM pg_auth_members WHERE member IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'socle\\_%')"
            )
            #expect(memberships.isEmpty)
        }
    }

    @Test func `makes the daemons' plans without reading whole tables`() async throws {
        try await Installation.with { here in
            for client in [here.access, here.portal] {
                let setting = try await client.query("SELECT current_setting('enable_seqscan')")
                #expect(try setting[0].decode(String.self, column: 0) == "off")
            }
        }
    }
}
