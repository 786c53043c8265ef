public import Foundation
public import Postgres
public import Territory

/// Who did what in our software (CNIL recommendation 2021-122). No identity of a visitor is ever written here.
public struct AuditLog: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Appends an event: who (`cli:root`, `portal`), what (`voucher.revoke`), about which organisation, and what else
    /// tells of it.
    public func append(
        actor: String, action: String, organisation: OrganisationID? = nil, detail: [String: String] = [:],
        at instant: Date
    ) async throws {
        let json = String(decoding: try JSONEncoder().encode(detail), as: UTF8.self)
        _ = try await client.write(
            """
            INSERT INTO audit.event (at, actor, action, organisation_id, detail)
            VALUES (\(instant), \(actor), \(action), \(organisation), \(json)::text::jsonb)
            """, repeatable: false)
    }
}
