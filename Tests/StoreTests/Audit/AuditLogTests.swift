import Foundation
import Postgres
import Store
import Territory
import Testing

struct AuditLogTests {
    @Test func `appends what the portal did, which the portal cannot read or change`() async throws {
        try await Installation.with { here in
            let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
            let detail = ["count": "3", "label": "l'été \"à\" Étain"]
            try await AuditLog(here.portal).append(
                actor: "portal", action: "voucher.redeem", organisation: organisation, detail: detail,
                at: Installation.noon)
            let rows = try await here.owner.query(
                "SELECT at, actor, action, organisation_id, detail->>'label' FROM audit.event")
            let event = try rows[0].decode(Date.self, String.self, String.self, OrganisationID.self, String.self)
            #expect(event == (Installation.noon, "portal", "voucher.redeem", organisation, detail["label"] ?? ""))
            for statement: SQL in ["DELETE FROM audit.event", "UPDATE audit.event SET actor = 'x'"] {
                await #expect(throws: PostgresError(.server(sqlState: "42501"))) {
                    try await here.portal.write(statement, repeatable: true)
                }
            }
        }
    }
}
